"""Answers shaped by an API definition that the user supplies: Swagger 2.0 or OpenAPI 3, as JSON.

A definition says what an answer looks like and nothing of its content, so what is made here is
the same for each request: enough for a client to parse. It is used only where the mock models
nothing and no stub answers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from offhook.api.answer import empty_answer, json_answer
from offhook.api.example import Examples
from offhook.api.exchange import Response
from offhook.api.paths import PathTree, parameters
from offhook.api.stand_in import SHAPED
from offhook.domain.errors import OffhookError

_METHODS = frozenset({"get", "head", "post", "put", "patch", "delete"})
_DATA = frozenset({"default", "enum", "example", "examples", "const"})
"""Below these keys nothing is a schema, so that a `$ref` there is no reference."""


class DefinitionError(OffhookError, ValueError):
    """A file that is no API definition; the message is one sentence."""


class Described(msgspec.Struct, frozen=True):
    """A path of the definition: its template, and what it says of each method in upper case."""

    template: str
    names: tuple[str, ...]
    methods: dict[str, dict[str, Any]]


class ApiDefinition:
    """An API definition, read once; answers are made when they are first asked for."""

    def __init__(self, document: object) -> None:
        """Take the parsed JSON. Raises `DefinitionError`."""
        root = _checked(document)
        self._examples = Examples(root)
        self._paths: PathTree[Described] = PathTree()
        self._answers: dict[tuple[str, str], Response] = {}
        prefix = _prefix(root)
        for path, item in root["paths"].items():
            methods = {
                method.upper(): operation
                for method, operation in _object(item).items()
                if method in _METHODS and isinstance(operation, dict)
            }
            template = prefix + path
            self._paths.at(template).value = Described(template, parameters(template), methods)

    def shape(self, method: str, path: str) -> tuple[str, Mapping[str, str], Response] | None:
        """Template, parameters and answer for a request; None for what it does not define."""
        found = self._paths.find(path)
        if found is None:
            return None
        described, values = found
        operation = described.methods.get(method)
        if operation is None:
            return None
        key = (method, described.template)
        if key not in self._answers:
            self._answers[key] = self._answer(operation)
        given = dict(zip(described.names, values, strict=True))
        return described.template, given, self._answers[key]

    def _answer(self, operation: dict[str, Any]) -> Response:
        status, outcome = _success(_object(operation.get("responses")))
        outcome = self._examples.resolved(outcome)
        schema, example = _content(outcome)
        if example is not None:
            return json_answer(status, example, (SHAPED,))
        if schema is None:
            return empty_answer(status, (SHAPED,))
        return json_answer(status, self._examples.of(schema), (SHAPED,))


def _checked(document: object) -> dict[str, Any]:
    root = _object(document)
    version = str(root.get("swagger") or root.get("openapi") or "")
    if not version.startswith(("2.", "3.")):
        raise DefinitionError(
            'is no API definition: it has neither "swagger": "2.0" nor "openapi": "3.…".'
        )
    if not isinstance(root.get("paths"), dict) or not root["paths"]:
        raise DefinitionError("defines no paths.")
    examples = Examples(root)
    for reference in _references(root):
        if examples.target(reference) is None:
            raise DefinitionError(
                f"refers to {reference!r}, which is not in it: bundle the definition into one file."
            )
    return root


def _references(root: object) -> Iterator[str]:
    """All references, without recursion: a definition may be deep."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            waiting += [inner for name, inner in value.items() if name not in _DATA]
        elif isinstance(value, list):
            waiting += value


def _prefix(root: dict[str, Any]) -> str:
    """What stands before each path: `basePath` of Swagger, the path of the first server's URL."""
    base = root.get("basePath")
    if not isinstance(base, str):
        servers = root.get("servers")
        first = servers[0] if isinstance(servers, list) and servers else {}
        url = str(_object(first).get("url", ""))
        _, scheme, rest = url.partition("://")
        base = "/" + rest.partition("/")[2] if scheme else url
    return base.rstrip("/")


def _success(responses: dict[str, Any]) -> tuple[int, object]:
    """The lowest 2xx and what is said of it; 200 for `2XX`, `default` or nothing at all."""
    exact = sorted(name for name in responses if name.isdigit() and name.startswith("2"))
    if exact:
        return int(exact[0]), responses[exact[0]]
    return 200, responses.get("2XX", responses.get("default", {}))


def _content(outcome: dict[str, Any]) -> tuple[Any, Any]:
    """The schema of the JSON of a response, and an example of its own; None without them."""
    content = _object(outcome.get("content"))
    if not content:
        return outcome.get("schema"), _object(outcome.get("examples")).get("application/json")
    media = next((_object(value) for name, value in content.items() if "json" in name), {})
    return media.get("schema"), media.get("example")


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
