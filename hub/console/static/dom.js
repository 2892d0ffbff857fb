// Elements without innerHTML: whatever a person typed stays text.

const shown = new WeakMap();
const SVG = "http://www.w3.org/2000/svg";

// Each kind has its own shape, so that colour is never the only sign.
const SHAPES = {
  alarm: "M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9zM10.6 6l.5 8h1.8l.5-8zM10.7 15.7v2.6h2.6v-2.6z",
  fault: "M12 2 .8 21.5h22.4zM10.9 9h2.2l-.3 6.2h-1.6zM10.9 16.6h2.2v2.2h-2.2z",
  notice: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM10.9 10.2h2.2V17h-2.2zM10.9 6.9h2.2v2.2h-2.2z",
  trouble: "M12 1.2 22.8 12 12 22.8 1.2 12zM10.9 6.5h2.2l-.3 7h-1.6zM10.9 15.2h2.2v2.2h-2.2z",
  calm: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm0 4.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6z",
  done: "m9 16.2-4.2-4.2L3.4 13.4 9 19 21 7l-1.4-1.4z",
  call: "M6.6 2.5 9.8 2l2 5-2.4 1.7a12 12 0 0 0 5.9 5.9L17 12.2l5 2-.5 3.2A3 3 0 0 1 18.500 20C10.500 20 4 13.500 4 5.500a3 3 0 0 1 2.600-3z",
  ear: "M4 9v6h4l5 4.500V4.500L8 9zM15.500 8.200v7.600a4.300 4.300 0 0 0 0-7.600zM15.500 4v2.200a6.300 6.300 0 0 1 0 11.600V20a8.400 8.400 0 0 0 0-16z",
  person: "M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm0 2c-4 0-8 2-8 5v2h16v-2c0-3-4-5-8-5z",
};

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

// Puts new children into an element, only where something has changed: the focus of what stays is kept.
export function put(element, key, make) {
  const said = JSON.stringify(key);
  if (shown.get(element) === said) return;
  shown.set(element, said);
  const held = element.contains(document.activeElement) ? document.activeElement.dataset.hold : undefined;
  element.replaceChildren(...[make()].flat(Infinity).filter(Boolean));
  if (held) element.querySelector(`[data-hold="${held}"]`)?.focus();
}
