"""The one order of refusal: of two things that are wrong, the earlier one answers."""

import itertools
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offhook.api.exchange import Response
from offhook.api.order import ORDER
from offhook.domain.inputs import DropDevice, EndSession, ForceMute
from offhook.oauth.inputs import ExpireToken

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

FLAWS: dict[str, tuple[int, str]] = {
    "path": (404, "not.found"),
    "method": (405, "method.not.allowed"),
    "token": (401, "bad.credentials"),
    "rate": (429, "too.many.requests.retry.after"),
    "scope": (401, "unauthorized"),
    "permission": (403, "not.authorized"),
    "size": (413, "request.entity.too.large"),
    "media-type": (415, "unsupported.media.type"),
    "body": (400, "bad.request"),
    "resource": (404, "not.found"),
    "idempotency": (400, "invalid.value"),
    "forced": (403, "forced"),
    "state": (409, "general.conflict"),
    "intent": (409, "stale.intent"),
    "precondition": (412, "precondition.failed"),
}
"""What can be wrong with a mute, in the order in which it is refused, and how."""

DOMAIN = ("forced", "state", "intent", "precondition")
MAX_BODY = 1_000


def authorization(desk: "Desk", flaws: set[str]) -> str:
    """The last step to be reached gets its token here: each flaw of a token is one of its own."""
    user = "second" if "permission" in flaws else "agent"
    scopes = ("user:read",) if "scope" in flaws else ()
    token_id, secret = desk.token(user, *scopes)
    if "token" in flaws:
        desk.tenancy.org.receive(ExpireToken(token_id=token_id), now=desk.now)
    return f"Bearer {secret}"


def spoil(desk: "Desk", client_id: str, bearer: str, flaws: set[str]) -> None:
    """Bring the org into a state in which the flaws are flaws."""
    org, good = desk.tenancy.org, desk.bearer("agent")
    if "idempotency" in flaws:
        desk.mute(client_id, bearer, muted=True, Idempotency_Key="used")
    if "intent" in flaws:
        assert desk.mute(client_id, good, Offhook_Intent="desk:5").status == 204
    if "rate" in flaws:
        desk.set(rate_per_operation={"postWebrtcClientMute": 1})
    assert desk.mute(client_id, good).status == 204  # Takes the budget, and raises `rev`.
    if "forced" in flaws:
        desk.set(admin_force="locked")
        org.receive(ForceMute(device_id=client_id, muted=True), now=desk.now)
    if "state" in flaws:
        org.receive(DropDevice(device_id=client_id), now=desk.now)
    if "resource" in flaws:
        org.receive(EndSession(device_id=client_id), now=desk.now)


def send(desk: "Desk", flaws: set[str]) -> Response:
    """A mute with these flaws and no others."""
    desk.set(max_body_bytes=MAX_BODY)
    client_id = desk.client()
    bearer = authorization(desk, flaws)
    spoil(desk, client_id, bearer, flaws)
    body = b'{"muted": ' if "body" in flaws else b'{"muted": false}'
    headers = {
        "Authorization": bearer,
        "Content-Type": "text/plain" if "media-type" in flaws else "application/json",
    }
    if "idempotency" in flaws:
        headers["Idempotency-Key"] = "used"
    if "intent" in flaws:
        headers["Offhook-Intent"] = "desk:4"
    if "precondition" in flaws:
        headers["If-Match"] = '"1.0"'
    place = "nowhere" if "path" in flaws else "mute"
    return desk.ask(
        "PUT" if "method" in flaws else "POST",
        f"/api/v2/webrtc/clients/{client_id}/{place}",
        body=body + b" " * MAX_BODY if "size" in flaws else body,
        headers=headers,
    )


def expected(flaws: set[str]) -> tuple[int, str]:
    """The first flaw, but that nobody owns or may what is not there."""
    if "resource" in flaws:
        flaws = flaws - {"permission"}
    return FLAWS[next(name for name in FLAWS if name in flaws)]


def refusal(answer: Response) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["code"]


def test_without_a_flaw_the_mute_is_accepted(desk: "Desk") -> None:
    assert send(desk, set()).status == 204


def test_every_step_but_the_preflight_has_its_flaw() -> None:
    steps = [step.name for step in ORDER]
    assert steps[0] == "preflight"
    assert steps[-1] == "domain"
    assert steps[1:-1] == [name for name in FLAWS if name not in DOMAIN]


@pytest.mark.parametrize("flaw", FLAWS)
def test_each_flaw_alone_is_refused_as_the_table_says(desk: "Desk", flaw: str) -> None:
    assert refusal(send(desk, {flaw})) == FLAWS[flaw]


@pytest.mark.parametrize(("earlier", "later"), list(itertools.combinations(FLAWS, 2)), ids=str)
def test_of_two_flaws_the_earlier_is_told(desk: "Desk", earlier: str, later: str) -> None:
    assert refusal(send(desk, {earlier, later})) == expected({earlier, later})
    assert desk.errors() == []


@settings(max_examples=60, deadline=None)
@given(flaws=st.sets(st.sampled_from(sorted(FLAWS)), min_size=3))
def test_of_many_flaws_the_earliest_is_told(make_desk: "type[Desk]", flaws: set[str]) -> None:
    assert refusal(send(make_desk(), flaws)) == expected(flaws)


@pytest.mark.parametrize("flaw", FLAWS)
def test_the_explanation_names_the_step(desk: "Desk", flaw: str) -> None:
    told = json.loads(send(desk, {flaw}).body)
    why = desk.tenancy.whys.get(told["contextId"])
    assert why is not None
    assert why["step"] == ("domain" if flaw in DOMAIN else flaw)
    assert why["code"] == told["code"]
    assert why["right"] == next(row.advice for row in ORDER if row.name == why["step"])


@pytest.mark.parametrize(
    "path", ["/api/v2/users/me", "/nowhere", "/_offhook/v1/state", "/oauth/token"]
)
def test_a_preflight_is_answered_before_anything_is_looked_at(
    make_desk: "type[Desk]", path: str
) -> None:
    desk = make_desk(control_key="key", rate_per_token=1)
    for _ in range(3):
        answer = desk.ask("OPTIONS", path, headers={"Authorization": "nonsense"})
        assert answer.status == 204
        assert answer.body == b""
    headers = {name.lower(): value for name, value in answer.headers}
    assert "PATCH" in headers["access-control-allow-methods"]
    for own in ("if-match", "idempotency-key", "offhook-intent", "offhook-key", "authorization"):
        assert own in headers["access-control-allow-headers"].split(", ")
