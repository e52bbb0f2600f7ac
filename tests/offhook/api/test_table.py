"""The table: paths found segment by segment, dialects served, rows that do not collide."""

from typing import Any

import pytest
from hypothesis import given
from tests.drawn import near, reaches

from offhook.api.answer import empty_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome, Param
from offhook.api.table import OperationTable, common_outcomes
from offhook.domain.evidence import Evidence

BOTH = frozenset({Dialect.TUTORIAL, Dialect.PLATFORM})


def handler(call: Call) -> Answer:
    return empty_answer(204)


def row(path: str, method: str = "GET", name: str | None = None, **changes: Any) -> Operation:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    fields: dict[str, Any] = {
        "id": name or f"{method} {path}",
        "method": method,
        "path": path,
        "summary": "A probe.",
        "dialects": frozenset({Dialect.TUTORIAL}),
        "params": tuple(
            Param(name=each, where="path", schema={"type": "string"}, meaning="A probe.")
            for each in names
        ),
        "outcomes": {204: Outcome(meaning="Good.")},
        "handler": handler,
        "evidence": Evidence.ASSUMED,
    }
    return Operation(**(fields | changes))


def table(*rows: Operation, dialects: frozenset[Dialect] = BOTH) -> OperationTable:
    return OperationTable(rows, dialects)


DEVICES = table(
    row("/clients"),
    row("/clients/me"),
    row("/clients/{id}"),
    row("/clients/{id}", "DELETE"),
    row("/clients/{id}/mute", "POST"),
    row("/clients/{id}/legs/{leg}"),
)


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/clients", "/clients", {}),
        ("/clients/me", "/clients/me", {}),
        ("/clients/m%65", "/clients/me", {}),
        ("/%63lients", "/clients", {}),
        ("/clients/x", "/clients/{id}", {"id": "x"}),
        ("/clients/me/mute", "/clients/{id}/mute", {"id": "me"}),
        ("/clients/a%2Fmute", "/clients/{id}", {"id": "a/mute"}),
        ("/clients/%C3%A9", "/clients/{id}", {"id": "é"}),
        ("/clients/%FF", "/clients/{id}", {"id": "\ufffd"}),
        ("/clients/a/legs/b", "/clients/{id}/legs/{leg}", {"id": "a", "leg": "b"}),
    ],
)
def test_a_path_finds_its_place_and_its_decoded_parameters(
    path: str, template: str, values: dict[str, str]
) -> None:
    found = DEVICES.find(path)
    assert found is not None
    assert (found[0].template, found[1]) == (template, values)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/client", "/clients/", "/clients//mute", "/clients/a/b", "/clients/a/legs/",
     "clients", "//clients", "/clients/a/mute/", "/CLIENTS", "*"],
)  # fmt: skip
def test_other_paths_are_no_paths(path: str) -> None:
    assert DEVICES.find(path) is None


PATHS = near("/clients", "/clients/me", "/clients/x/mute", "/clients/a%2Fb/legs/c", "/clients//")


@given(PATHS)
def test_any_text_is_found_or_not(path: str) -> None:
    found = DEVICES.find(path)
    if found is not None:
        place, values = found
        assert set(values) == set(place.parameters)
        assert path.count("/") == place.template.count("/")


def test_some_of_it_is_found() -> None:
    def parameters_of(path: str) -> int | None:
        found = DEVICES.find(path)
        return None if found is None else len(found[1])

    reaches(PATHS, parameters_of, None, 0, 1, 2)


def test_allow_names_what_the_path_knows() -> None:
    found = DEVICES.find("/clients/x")
    assert found is not None
    assert found[0].allow == "DELETE, GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("dialects", "served"),
    [
        (BOTH, {"t", "p", "both", "oauth", "control"}),
        (frozenset({Dialect.TUTORIAL}), {"t", "both", "oauth", "control"}),
        (frozenset({Dialect.PLATFORM}), {"p", "both", "oauth", "control"}),
    ],
)
def test_the_dialects_choose_what_is_served(dialects: frozenset[Dialect], served: set[str]) -> None:
    chosen = table(
        row("/t", name="t"),
        row("/p", name="p", dialects=frozenset({Dialect.PLATFORM})),
        row("/both", name="both", dialects=BOTH),
        row("/oauth", name="oauth", dialects=frozenset({Dialect.OAUTH})),
        row("/control", name="control", dialects=frozenset({Dialect.CONTROL})),
        dialects=dialects,
    )
    assert {each.id for each in chosen.operations} == served
    assert {name for name in ("t", "p") if chosen.find(f"/{name}") is not None} == served & {
        "t",
        "p",
    }


def test_an_operation_is_found_by_its_id() -> None:
    one = row("/a", name="a")
    assert table(one).operation("a") is one
    assert table(one).operation("b") is None


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ((row("/a", name="x"), row("/b", name="x")), "two operations are called x"),
        ((row("/a", name="x"), row("/a", name="y")), "y is at the place of another"),
        ((row("/a/{b}", name="x"), row("/a/{c}", "PUT", name="y")), "renames a parameter"),
        ((row("/a/{b}", name="x", params=()),), "x declares other parameters"),
    ],
)
def test_rows_that_collide_are_a_mistake_of_ours(rows: tuple[Operation, ...], problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        table(*rows)


QUERY = Param(name="q", where="query", schema={"type": "string"}, meaning="A probe.")
CONTROL: dict[str, Any] = {
    "dialects": frozenset({Dialect.CONTROL}),
    "access": Access(public=True, counted=False),
}


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        (row("/a"), {400, 401, 413, 429}),
        (row("/a", access=Access(counted=False)), {400, 401, 413}),
        (row("/a", access=Access(scope="s")), {400, 401, 403, 413, 429}),
        (row("/a", access=Access(owner=True)), {400, 401, 403, 413, 429}),
        (row("/a/{clientId}"), {400, 401, 404, 413, 429}),
        (row("/a", "POST", body=dict), {400, 401, 413, 415, 429}),
        (row("/a", access=Access(public=True, counted=False)), {413}),
        (row("/a", **CONTROL), {401, 413}),
        (row("/a/{clientId}", **CONTROL), {401, 413}),
        (row("/a", **CONTROL, params=(QUERY,)), {400, 401, 413}),
    ],
)
def test_an_operation_has_the_refusals_of_its_access(
    operation: Operation, statuses: set[int]
) -> None:
    assert set(common_outcomes(operation)) == statuses
