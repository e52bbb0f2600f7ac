"""The document of the control API."""

from collections.abc import Callable
from typing import Any

from openapi_spec_validator import validate

from offhook.control.operations import OPERATIONS

Ask = Callable[..., Any]


def test_the_document_is_valid_and_lists_every_row(ask: Ask) -> None:
    shown = ask("GET", "/openapi.json")
    validate(shown)
    listed = {
        (method.upper(), path, operation["operationId"])
        for path, methods in shown["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    }
    assert listed == {(row.method, row.path, row.id) for row in OPERATIONS}


def test_the_document_tells_which_faults_there_are(ask: Ask) -> None:
    assert "push-garble" in str(ask("GET", "/openapi.json"))


def test_what_clients_ask_is_served_without_control(ask: Ask) -> None:
    shown = ask("GET", "/schema/openapi.json")
    validate(shown)
    assert "/api/v2/webrtc/clients/{clientId}/mute" in shown["paths"]
    assert not any(path.startswith("/_offhook") for path in shown["paths"])


def test_the_sockets_are_served(ask: Ask) -> None:
    assert ask("GET", "/schema/asyncapi.json")["channels"]["deviceEvents"]
