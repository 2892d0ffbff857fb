// The one connection of all tabs of this browser: over HTTP/1.1 a browser opens six at most, and this takes one.

import { Exchange } from "./exchange.js";

const exchange = new Exchange();

addEventListener("connect", ({ ports: [port] }) => {
  const told = exchange.join((message) => port.postMessage(message));
  port.addEventListener("message", ({ data }) => told(data));
  port.start();
});
