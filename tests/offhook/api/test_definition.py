"""Answers shaped by a user's own API definition."""

import json
from typing import Any

import pytest

from offhook.api.definition import ApiDefinition, DefinitionError
from offhook.api.exchange import Response

SKILL = {"type": "object", "properties": {"id": {"type": "string"}, "level": {"type": "integer"}}}
OK = {"200": {"schema": {"$ref": "#/definitions/Skill"}}}


def swagger(responses: Any = OK, *, path: str = "/api/v2/skills/{skillId}", **more: Any) -> Any:
    return {
        "swagger": "2.0",
        "paths": {path: {"parameters": [], "get": {"responses": responses}}},
        "definitions": {"Skill": SKILL},
        **more,
    }


def openapi(responses: Any, **more: Any) -> Any:
    return {"openapi": "3.0.1", "paths": {"/skills": {"get": {"responses": responses}}}, **more}


def media(schema: Any, **more: Any) -> Any:
    return {"content": {"text/html": {}, "application/json": {"schema": schema, **more}}}


def shaped(document: Any, path: str = "/api/v2/skills/7") -> tuple[int, Any]:
    found = ApiDefinition(document).shape("GET", path)
    assert found is not None
    answer = found[2]
    assert ("Offhook-Shaped", "true") in answer.headers
    return answer.status, json.loads(answer.body) if answer.body else None


def test_a_defined_operation_is_answered_in_its_shape() -> None:
    assert shaped(swagger()) == (200, {"id": "string", "level": 0})


def test_it_tells_the_template_and_the_parameters() -> None:
    found = ApiDefinition(swagger()).shape("GET", "/api/v2/skills/a%20b")
    assert found is not None
    assert found[:2] == ("/api/v2/skills/{skillId}", {"skillId": "a b"})
    assert isinstance(found[2], Response)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/v2/skills/7"), ("GET", "/api/v2/skills"), ("GET", "/")]
)
def test_what_it_does_not_define_has_no_shape(method: str, path: str) -> None:
    assert ApiDefinition(swagger()).shape(method, path) is None


@pytest.mark.parametrize(
    ("responses", "answer"),
    [
        ({"404": {}, "202": {}, "201": {"schema": {"type": "string"}}}, (201, "string")),
        ({"202": {"description": "Accepted"}}, (202, None)),
        ({"default": {"schema": {"type": "integer"}}}, (200, 0)),
        ({"400": {}}, (200, None)),
        ({}, (200, None)),
        ({"200": {"examples": {"application/json": [1]}, "schema": {}}}, (200, [1])),
    ],
)
def test_the_lowest_success_decides(responses: Any, answer: object) -> None:
    assert shaped(swagger(responses)) == answer


@pytest.mark.parametrize(
    ("responses", "answer"),
    [
        ({"200": media({"type": "boolean"})}, (200, False)),
        ({"200": media({"type": "boolean"}, example=True)}, (200, True)),
        ({"2XX": media({"type": "null"})}, (200, None)),
        ({"200": {"$ref": "#/components/responses/Skill"}}, (200, {"id": "string", "level": 0})),
    ],
)
def test_openapi_3_is_read_too(responses: Any, answer: object) -> None:
    components = {"responses": {"Skill": media(SKILL)}}
    assert shaped(openapi(responses, components=components), "/skills") == answer


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, "/skills"),
        ({"servers": [{"url": "https://api.example.com/api/v2/"}]}, "/api/v2/skills"),
        ({"servers": [{"url": "https://api.example.com"}]}, "/skills"),
        ({"servers": [{"url": "/api/v2"}]}, "/api/v2/skills"),
        ({"basePath": "/"}, "/skills"),
        ({"basePath": "/api/v2"}, "/api/v2/skills"),
    ],
)
def test_what_stands_before_all_paths_is_taken_into_account(more: Any, path: str) -> None:
    assert shaped(openapi({}, **more), path) == (200, None)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], 'is no API definition: it has neither "swagger": "2.0" nor "openapi": "3.…".'),
        ({"swagger": "1.2", "paths": {"/": {}}}, "is no API definition"),
        ({"swagger": "2.0"}, "defines no paths."),
        ({"swagger": "2.0", "paths": {}}, "defines no paths."),
        (swagger(definitions={}), "refers to '#/definitions/Skill', which is not in it"),
        (
            swagger({"200": {"schema": {"$ref": "skill.json"}}}),
            "refers to 'skill.json', which is not in it: bundle the definition into one file.",
        ),
    ],
)
def test_what_is_no_definition_is_refused_in_a_sentence(document: object, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        ApiDefinition(document)
    assert str(refused.value).startswith(told)


def test_data_that_looks_like_a_reference_is_none() -> None:
    document = swagger({"200": {"schema": {"type": "object", "example": {"$ref": "nowhere"}}}})
    assert shaped(document) == (200, {"$ref": "nowhere"})
