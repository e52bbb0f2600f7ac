"""Stubs and their book."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from offhook import stubs
from offhook.stubs import Stub, StubBook, StubError, StubHandle


def book(*requests: str) -> StubBook:
    """A book of stubs whose ids are their requests' places: `1` is the first."""
    made = StubBook()
    for number, request in enumerate(requests, 1):
        made.add(Stub(request=request), id=str(number))
    return made


def found(made: StubBook, method: str, path: str) -> list[str]:
    return [entry.id for entry, _ in made.find(method, path)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"request": "/api/v2/x"}, "'/api/v2/x' is no request: write method, space, path"),
        ({"request": "GET api"}, "'GET api' is no request"),
        ({"request": "GET /a b"}, "'GET /a b' is no request"),
        ({"request": "GET /a\n"}, "is no request"),
        ({"request": "get /a"}, "'get' is no method: there are GET, HEAD, POST, PUT, PATCH, D"),
        ({"request": "OPTIONS /a"}, "'OPTIONS' is no method"),
        ({"request": "GET /a?b=1"}, "has a query: leave it out"),
        ({"request": "GET /a", "json": 1, "body": "a"}, "has json and body: give one of them"),
        ({"request": "GET /a", "headers": {"a b": "c"}}, "'a b' is no name of a header"),
        ({"request": "GET /a", "headers": {"a": "b\r\nc: d"}}, "The header a may hold printable"),
        ({"request": "GET /a", "headers": {"Date": "now"}}, "The header Date is the mock's"),
        (
            {"request": "GET /a", "headers": {"access-control-allow-origin": "*"}},
            "access-control-allow-origin is the mock's to write",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(StubError, match=told):
        Stub(**fields)
    with pytest.raises(msgspec.ValidationError, match=told):
        msgspec.convert(fields, Stub)


@pytest.mark.parametrize("status", [199, 600, 101])
def test_a_status_is_a_final_one(status: int) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.status"):
        msgspec.convert({"request": "GET /a", "status": status}, Stub)


JSON = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("fields", "headers", "body"),
    [
        ({}, (), b""),
        ({"json": {"a": [1, None]}}, (JSON,), b'{"a":[1,null]}'),
        ({"json": None}, (JSON,), b"null"),
        ({"body": "grüß"}, (("Content-Type", "text/plain; charset=utf-8"),), "grüß".encode()),
        ({"body": "<a/>", "headers": {"content-type": "text/xml"}}, None, b"<a/>"),
        ({"json": {}, "status": 204}, (), b""),
        ({"json": {}, "status": 304, "headers": {"A": "b"}}, (("A", "b"),), b""),
    ],
)
def test_its_content_is_ready_to_be_written(
    fields: dict[str, Any], headers: tuple[tuple[str, str], ...] | None, body: bytes
) -> None:
    if headers is None:
        headers = tuple(fields["headers"].items())
    assert Stub(request="GET /a", **fields).content() == (headers, body)


@pytest.mark.parametrize("value", [object(), {1: object()}, {"a": 1j}])
def test_what_is_not_json_is_refused_when_it_is_set(value: object) -> None:
    with pytest.raises(StubError, match="The answer of the stub GET /a cannot be written"):
        StubBook().add(Stub(request="GET /a", json=value), id="1")


@pytest.mark.parametrize(
    ("requests", "asked", "ids"),
    [
        (("GET /a/b", "GET /a/{x}"), "GET /a/b", ["1", "2"]),
        (("GET /a/{x}", "GET /a/b"), "GET /a/b", ["2", "1"]),
        (("GET /a/b", "GET /a/b"), "GET /a/b", ["2", "1"]),
        (("GET /a/{x}", "GET /{y}/b"), "GET /a/b", ["2", "1"]),
        (("GET /a/{x}",), "GET /a/", []),
        (("GET /a/{x}",), "GET /a/b/c", []),
        (("GET /a/b",), "POST /a/b", []),
        (("GET /a/b", "HEAD /a/{x}"), "HEAD /a/b", ["2", "1"]),
        (("HEAD /a/b",), "GET /a/b", []),
        (("GET /a/b%20c",), "GET /a/b%20c", ["1"]),
        (("GET /a/{x}",), "GET /a/b%2Fc", ["1"]),
    ],
)
def test_exact_wins_over_template_and_later_over_earlier(
    requests: tuple[str, ...], asked: str, ids: list[str]
) -> None:
    assert found(book(*requests), *asked.split(" ")) == ids


def test_parameters_are_told_decoded() -> None:
    ((_, parameters),) = book("GET /a/{x}/{y}").find("GET", "/a/1/b%2Fc")
    assert parameters == {"x": "1", "y": "b/c"}


def test_a_book_lists_what_it_has_with_their_accounts() -> None:
    made = StubBook()
    made.add(Stub(request="GET /a"), id="1", declared=True)
    made.add(Stub(request="POST /b", json={}, override=True), id="2")
    ((entry, _),) = made.find("GET", "/a")
    entry.uses += 2
    first, second = made.stubs()
    assert (first.id, first.declared, first.uses, first.json) == ("1", True, 2, UNSET)
    assert (second.id, second.declared, second.uses, second.json) == ("2", False, 0, {})
    assert made.uses("1") == 2


def test_only_a_stub_that_says_so_is_in_the_way_of_what_is_modelled() -> None:
    made = book("GET /a")
    told = [made.overriding]
    made.add(Stub(request="GET /b", override=True), id="b")
    told.append(made.overriding)
    made.remove("b")
    told.append(made.overriding)
    assert told == [False, True, False]


def test_what_is_removed_answers_no_more() -> None:
    made = book("GET /a", "GET /b")
    assert made.remove("1")
    assert not made.remove("1")
    assert found(made, "GET", "/a") == []
    assert found(made, "GET", "/b") == ["2"]
    made.clear()
    assert (len(made), made.stubs(), made.uses("2")) == (0, (), 0)


def test_there_is_a_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stubs, "MAX_STUBS", 2)
    made = book("GET /a", "GET /a")
    with pytest.raises(StubError, match="There are 2 stubs, which is the most"):
        made.add(Stub(request="GET /a"), id="3")


def test_a_handle_tells_its_uses_and_removes_its_stub_at_the_end_of_its_block() -> None:
    made = StubBook()
    placed = made.add(Stub(request="GET /a"), id="1").placed()
    with StubHandle(placed, uses=made.uses, remove=made.remove) as handle:
        ((entry, _),) = made.find("GET", "/a")
        entry.uses += 1
        assert (handle.placed.request, handle.uses) == ("GET /a", 1)
    assert len(made) == 0
    assert handle.uses == 0
    assert not handle.remove()


SEGMENT = st.sampled_from(["a", "b", "{x}", "{y}"])


@given(st.lists(st.lists(SEGMENT, min_size=1, max_size=3), max_size=6))
def test_the_order_of_what_fits_is_the_law_above_whatever_is_there(paths: list[list[str]]) -> None:
    made = book(*("GET /" + "/".join(path) for path in paths))
    ids = found(made, "GET", "/a/b")
    rank = {
        str(number): (any(part.startswith("{") for part in path), -number)
        for number, path in enumerate(paths, 1)
        if len(path) == 2 and path[0] in {"a", "{x}", "{y}"} and path[1] in {"b", "{x}", "{y}"}
    }
    assert ids == sorted(rank, key=lambda stub_id: rank[stub_id])
