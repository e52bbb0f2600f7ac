"""What is not modelled: its record, its stubs, its list."""

import json
import tomllib
from typing import Any

import pytest

from offhook.stubs import Stub
from offhook.unmodelled import Unmodelled, listed, stub_for, template_of

UUID = "6c1f2a34-0b5d-4e6f-a718-29304a5b6c7d"


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/api/v2/users/me", "/api/v2/users/me"),
        (f"/api/v2/users/{UUID}/queues", "/api/v2/users/{id}/queues"),
        (f"/api/v2/users/{UUID}/skills/17", "/api/v2/users/{id}/skills/{id2}"),
        (f"/api/v2/users/{UUID.upper()}", "/api/v2/users/{id}"),
        ("/api/v2/users/12ab", "/api/v2/users/12ab"),
    ],
)
def test_ids_become_parameters(path: str, template: str) -> None:
    assert template_of(path) == template


@pytest.mark.parametrize("request_", ["GET /api/v2/a/{id}", 'PUT /api/v2/"quoted"\\'])
def test_each_form_of_a_stub_reads_as_that_stub(request_: str) -> None:
    forms = stub_for(request_)
    stub = Stub(request=request_, json={})
    (declared,) = _declared(forms.toml)
    assert Stub(**declared) == stub
    method, path, body = forms.control.split(" ", 2)
    assert (method, path) == ("POST", "/_offhook/v1/stubs")
    assert Stub(**json.loads(body)) == stub
    taken = eval(forms.python, {"server": _Server})  # noqa: S307 - our own line.
    assert taken == stub


class _Server:
    @staticmethod
    def stub(request: str, **fields: Any) -> Stub:
        return Stub(request=request, **fields)


def _declared(toml: str) -> list[dict[str, Any]]:
    """As in a file: a stub belongs to the org before it."""
    found: list[dict[str, Any]] = tomllib.loads(f"[[orgs]]\n{toml}")["orgs"][0]["stubs"]
    return found


def test_requests_that_differ_in_ids_are_one_with_a_count() -> None:
    record = Unmodelled()
    names = [record.record("GET", f"/api/v2/users/{number}") for number in range(3)]
    record.record("POST", "/api/v2/users/7")
    assert set(names) == {"GET /api/v2/users/{id}"}
    assert [(row.request, row.count) for row in record.asked()] == [
        ("GET /api/v2/users/{id}", 3),
        ("POST /api/v2/users/{id}", 1),
    ]


def test_it_is_bounded_and_counts_what_has_no_room() -> None:
    record = Unmodelled(capacity=2)
    for name in "abcab":
        record.record("GET", f"/{name}")
    assert [(row.request, row.count) for row in record.asked()] == [("GET /a", 2), ("GET /b", 2)]
    assert record.others == 1


def test_the_list_counts_and_ends_with_toml_to_be_pasted() -> None:
    record = Unmodelled()
    for path in ("/a", *["/b"] * 10):
        record.record("GET", path)
    text = listed("Acme", record.asked(), others=3)
    assert text.splitlines()[:5] == [
        "Asked of the org Acme, and not modelled:",
        "   1 x GET /a",
        "  10 x GET /b",
        "  and 3 more requests",
        "Stubs for them, in the file of --config:",
    ]
    pasted = _declared(text.partition("--config:")[2])
    assert [stub["request"] for stub in pasted] == ["GET /a", "GET /b"]
