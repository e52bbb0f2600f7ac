"""The document: valid, complete, and made of what `apply` enforces."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from offhook.api import oauth, tutorial
from offhook.api.openapi import document
from offhook.api.operation import Dialect, Operation
from offhook.api.table import common_outcomes
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.server import OPERATIONS as ALL
from offhook.server import OPERATIONS as SERVED

DOCUMENT: dict[str, Any] = json.loads(json.dumps(document(ALL, title="Offhook", version="1.2.3")))


def described(row: Operation) -> dict[str, Any]:
    found = DOCUMENT["paths"][row.path][row.method.lower()]
    assert isinstance(found, dict)
    return found


def integers(node: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if node.get("type") == "integer":
            yield at, node
        for key, value in node.items():
            yield from integers(value, f"{at}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from integers(value, f"{at}/{index}")


@pytest.mark.parametrize("rows", [ALL, tutorial.OPERATIONS, oauth.OPERATIONS, CONTROL, ()])
def test_the_document_is_valid_openapi(rows: tuple[Operation, ...]) -> None:
    validate(json.loads(json.dumps(document(rows, title="Offhook", version="1.2.3"))))


def test_it_names_itself() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert (DOCUMENT["info"]["title"], DOCUMENT["info"]["version"]) == ("Offhook", "1.2.3")
    assert "unofficial" in DOCUMENT["info"]["description"]


def test_it_describes_every_operation_and_no_other() -> None:
    ids = [each["operationId"] for path in DOCUMENT["paths"].values() for each in path.values()]
    assert sorted(ids) == sorted(row.id for row in ALL)


def test_it_declares_what_apply_allows() -> None:
    declared = {row.id: {int(each) for each in described(row)["responses"]} for row in ALL}
    assert declared == {row.id: {*row.outcomes, *common_outcomes(row)} for row in ALL}


def lacks(status: str, response: dict[str, Any]) -> set[str]:
    """What a response should have and has not."""
    wanted = {"ININ-Correlation-Id"}
    wanted |= {"WWW-Authenticate"} if status == "401" else set()
    wanted |= {"Retry-After"} if status == "429" else set()
    missing = wanted - set(response["headers"])
    return missing if "content" in response or int(status) < 400 else missing | {"a body"}


def test_every_refusal_has_a_body_and_its_headers() -> None:
    lacking = {
        (row.id, status): missing
        for row in ALL
        for status, response in described(row)["responses"].items()
        if (missing := lacks(status, response))
    }
    assert lacking == {}


def security(row: Operation) -> list[dict[str, list[str]]]:
    """Who may call, as it must be said."""
    if Dialect.CONTROL in row.dialects:
        return [{}, {"controlKey": []}]
    scopes = [] if row.access.scope is None else [row.access.scope]
    return [] if row.access.public else [{"bearer": scopes}]


def test_it_says_who_may_call() -> None:
    said = {row.id: described(row)["security"] for row in ALL}
    assert said == {row.id: security(row) for row in ALL}


@pytest.mark.parametrize("row", [row for row in ALL if row.form], ids=lambda row: row.id)
def test_forms_are_forms(row: Operation) -> None:
    assert list(described(row)["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]


def test_every_integer_has_a_format() -> None:
    assert [at for at, schema in integers(DOCUMENT) if "format" not in schema] == []


def test_every_integer_that_a_client_sends_has_bounds() -> None:
    """Else a test generator draws numbers that no machine word holds."""
    sent = [row.body.__name__ for row in ALL if hasattr(row.body, "__name__")]
    schemas = DOCUMENT["components"]["schemas"]
    unbounded = [
        at
        for name in sent
        for at, schema in integers(schemas.get(name), name)
        if "maximum" not in schema
    ]
    for row in tutorial.OPERATIONS:
        unbounded += [
            at
            for at, schema in integers(described(row).get("parameters", []), row.id)
            if "maximum" not in schema
        ]
    assert unbounded == []


def test_the_id_of_a_client_is_linked_to_what_takes_it() -> None:
    links = DOCUMENT["paths"]["/api/v2/webrtc/clients/me"]["get"]["responses"]["200"]["links"]
    assert links["postWebrtcClientMute"] == {
        "operationId": "postWebrtcClientMute",
        "parameters": {"clientId": "$response.body#/id"},
    }
    assert set(links) == {row.id for row in tutorial.OPERATIONS if "{clientId}" in row.path}


IDENTIFYING = [
    pytest.param(row, status, id=f"{row.id}-{status}")
    for row in SERVED
    for status, outcome in row.outcomes.items()
    if outcome.identifies
]


@pytest.mark.parametrize(("row", "status"), IDENTIFYING)
def test_what_fills_a_link_in_is_in_the_body_and_somebody_takes_it(
    row: Operation, status: int
) -> None:
    whole: dict[str, Any] = json.loads(
        json.dumps(document(SERVED, title="Offhook", version="1.2.3"))
    )
    response = whole["paths"][row.path][row.method.lower()]["responses"][str(status)]
    taken = {name for link in response["links"].values() for name in link["parameters"]}
    assert taken == set(row.outcomes[status].identifies)
    for pointer in row.outcomes[status].identifies.values():
        found = response["content"]["application/json"]["schema"]
        for step in pointer.removeprefix("/").split("/"):
            if "$ref" in found:
                found = whole["components"]["schemas"][found["$ref"].rpartition("/")[2]]
            found = found["items"] if step.isdigit() else found["properties"][step]
        assert found["type"] == "string", pointer


def test_only_control_leads_to_control() -> None:
    whole = document(SERVED, title="Offhook", version="1.2.3")
    control = {row.id for row in CONTROL}
    leading = {
        row.id
        for row in SERVED
        for response in whole["paths"][row.path][row.method.lower()]["responses"].values()
        if control & set(response.get("links", {}))
    }
    assert leading
    assert leading <= control


def test_examples_satisfy_their_schemas() -> None:
    checked = 0
    for schema in DOCUMENT["components"]["schemas"].values():
        for field in schema.get("properties", {}).values():
            for example in field.get("examples", []):
                OAS31Validator({**field, "components": DOCUMENT["components"]}).validate(example)
                checked += 1
    assert checked > 5


def test_pages_are_declared_as_pages() -> None:
    login = DOCUMENT["paths"]["/oauth/authorize"]["get"]["responses"]
    assert list(login["200"]["content"]) == ["text/html"]
    assert set(login["400"]["content"]) == {"application/json", "text/html"}
