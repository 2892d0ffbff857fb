"""Visits a centre to see whether it is there, whether it is believed, and whether it lets this unit in.

Rules: nothing is published or subscribed, and no will is left. A broker knows a unit by its name and keeps one
connection of a name: signing in would throw a running unit out, so it is done only where the caller knows of none.
"""

import socket
import ssl
import time
from typing import Any

from paho.mqtt.client import MQTT_ERR_SUCCESS, Client, ConnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from device.adapters.broker.client import connect, new_client
from device.adapters.broker.settings import BrokerSettings, CentreAddress
from device.adapters.broker.tls import client_context
from device.ports import PermanentAdapterError, TransientAdapterError

_LOOK_S = 0.1


def knock(centre: CentreAddress, timeout_s: float) -> str:
    """Connect and leave again; return how it is encrypted. Raises OSError, AdapterError."""
    with socket.create_connection((centre.host, centre.port), timeout_s) as line:
        if not centre.tls:
            return _encryption(line, centre)
        with client_context(centre).wrap_socket(line, server_hostname=centre.host) as secured:
            return _encryption(secured, centre)


def sign_in(settings: BrokerSettings, centre: CentreAddress, timeout_s: float) -> str:
    """Sign in as the unit and leave again; return how it is encrypted. Raises OSError, AdapterError."""
    answers: list[ReasonCode] = []

    def hear(_client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _more: Properties | None) -> None:
        answers.append(reason)

    client = new_client(settings, centre)
    client.on_connect = hear
    try:
        connect(client, settings, centre)
        encryption = _encryption(client.socket(), centre)
        _await(client, answers, timeout_s)
        if not answers:
            raise TransientAdapterError(f"it takes connections and does not answer as a broker within {timeout_s:g} s")
        if answers[0].is_failure:
            who = centre.username or "a unit without a name"
            remedy = "look at username and password, and ask the centre whether it knows the unit"
            raise PermanentAdapterError(f"it does not let {who} in: {answers[0]}; {remedy}")
        client.disconnect()
        client.loop(_LOOK_S)  # it is the loop that writes
        return encryption
    finally:
        client.on_connect = None
        if (line := client.socket()) is not None:
            line.close()


def _await(client: Client, answers: list[ReasonCode], timeout_s: float) -> None:
    ends_s = time.monotonic() + timeout_s
    while not answers and time.monotonic() < ends_s and client.loop(_LOOK_S) == MQTT_ERR_SUCCESS:
        pass


def _encryption(line: Any, centre: CentreAddress) -> str:
    if not isinstance(line, ssl.SSLSocket):
        return "not encrypted"
    return f"{line.version()}, certificate for {centre.host} believed"
