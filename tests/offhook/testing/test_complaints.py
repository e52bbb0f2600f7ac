"""What a test is failed for at its end."""

from collections.abc import Callable

from offhook.testing.complaints import complaints, own_words
from offhook.testing.handle import Offhook

Get = Callable[..., int]


def told(handle: Offhook, *, never_bit: bool = True, unmodelled: bool = True) -> list[str]:
    return handle.ask(
        lambda server: list(
            complaints(server, handle.faults, never_bit=never_bit, unmodelled=unmodelled)
        )
    )


def test_nothing_wrong_is_nothing_said(handle: Offhook, get: Get) -> None:
    get("/api/v2/users/me")
    assert told(handle) == []


def test_each_kind_is_told_when_it_counts(handle: Offhook, get: Get) -> None:
    handle.faults.add("delay", "getUsersMe", delay_s=1)
    get("/api/v2/teams")
    fault, route = told(handle)
    assert fault.startswith("The fault 'delay' on getUsersMe never bit: getUsersMe never came.")
    assert route == (
        "Not modelled: GET /api/v2/teams, asked for once. "
        'A stub for it: offhook.stub("GET /api/v2/teams", json={})'
    )
    assert told(handle, unmodelled=False) == [fault]
    assert told(handle, never_bit=False) == [route]


def test_an_error_inside_always_counts(handle: Offhook, get: Get) -> None:
    handle.ask(lambda server: setattr(server.org, "user", None))
    assert get("/api/v2/users/me") == 500
    (error,) = told(handle, never_bit=False, unmodelled=False)
    assert error.startswith("Inside the mock something broke: TypeError")
    assert "Traceback" in error


def test_a_stub_is_shown_as_a_test_writes_it() -> None:
    assert own_words('server.stub("GET /a", json={})') == 'offhook.stub("GET /a", json={})'
