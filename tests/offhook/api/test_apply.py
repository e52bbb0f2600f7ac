"""From request to answer: what each answer carries, what breaks inside, what is kept."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from offhook.api import oauth, tutorial
from offhook.api.answer import empty_answer
from offhook.api.apply import apply, faulted
from offhook.api.exchange import Advance, Answer, Response
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.domain.evidence import Evidence
from offhook.faults.verdicts import Reply

if TYPE_CHECKING:
    from tests.offhook.api.conftest import Desk

ALL = (*tutorial.OPERATIONS, *oauth.OPERATIONS, *CONTROL)
GUARDED = [row for row in ALL if not row.access.public]
SCOPED = [row for row in GUARDED if row.access.scope is not None]
WITH_BODY = [row for row in ALL if row.body is not None]


def each(rows: list[Operation] | tuple[Operation, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.id)


def path_of(row: Operation) -> str:
    path = row.path
    for param in row.params:
        path = path.replace(f"{{{param.name}}}", "some-id")
    return path


def code(answer: Response) -> object:
    return json.loads(answer.body)["code"]


def header(answer: Response, name: str) -> str | None:
    return next((value for key, value in answer.headers if key.lower() == name.lower()), None)


def ask(desk: "Desk", row: Operation, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.ask(row.method, path_of(row), headers=named)


# What an answer carries.


@each(ALL)
def test_every_answer_is_correlated_and_readable_from_other_origins(
    desk: "Desk", row: Operation
) -> None:
    answer = ask(desk, row)
    names = [name.lower() for name, _ in answer.headers]
    assert names.count("inin-correlation-id") == 1
    assert names.count("cache-control") == 1
    assert header(answer, "Access-Control-Allow-Origin") == "*"
    assert "no-store" in (header(answer, "Cache-Control") or "")
    if answer.status >= 400 and Dialect.OAUTH not in row.dialects:
        assert json.loads(answer.body)["contextId"] == header(answer, "ININ-Correlation-Id")


def test_head_is_answered_as_get_without_its_body(desk: "Desk") -> None:
    headers = {"Authorization": desk.bearer()}
    get = desk.ask("GET", "/api/v2/users/me", headers=headers)
    head = desk.ask("HEAD", "/api/v2/users/me", headers=headers)
    assert get.body != b""
    assert (head.status, head.body) == (200, b"")
    assert [name for name, _ in head.headers] == [name for name, _ in get.headers]


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ("none", []),
        ("inin", ["inin-ratelimit-count", "inin-ratelimit-allowed", "inin-ratelimit-reset"]),
        ("ietf", ["RateLimit-Policy", "RateLimit"]),
    ],
)
def test_the_budget_is_told_by_policy_on_good_and_on_refused(
    make_desk: "type[Desk]", policy: str, names: list[str]
) -> None:
    desk = make_desk(rate_headers=policy, rate_per_token=2)
    authorization = desk.bearer()
    for status in (200, 200, 429):
        answer = ask(desk, tutorial.OPERATIONS[0], Authorization=authorization)
        assert answer.status == status
        told = [name for name, _ in answer.headers if "ratelimit" in name.lower()]
        assert told == names


# What is inside never comes out.


def operation(handler: Any) -> Operation:
    return Operation(
        id="probe",
        method="GET",
        path="/probe",
        summary="A probe.",
        dialects=frozenset({Dialect.CONTROL}),
        access=Access(public=True, counted=False),
        outcomes={200: Outcome(meaning="Good.")},
        handler=handler,
        evidence=Evidence.ASSUMED,
    )


def broken(call: Call) -> Answer:
    raise ValueError("the secret of the house")


def undeclared(call: Call) -> Answer:
    return empty_answer(418)


@pytest.mark.parametrize(
    ("handler", "problem"),
    [(broken, "ValueError: the secret"), (undeclared, "AssertionError: probe answered 418")],
)
def test_what_breaks_inside_is_a_500_whose_reason_stays_in_the_journal(
    make_desk: "type[Desk]", handler: Any, problem: str
) -> None:
    desk = make_desk((operation(handler),))
    answer = desk.ask("GET", "/probe")
    assert (answer.status, code(answer)) == (500, "internal.server.error")
    assert b"secret" not in answer.body
    (error,) = desk.errors()
    assert str(error["error"]).startswith(problem)
    assert "Traceback" in str(error["traceback"])
    assert error["correlation_id"] == header(answer, "ININ-Correlation-Id")


def test_what_follows_an_advance_is_finished_like_any_answer(make_desk: "type[Desk]") -> None:
    def handler(call: Call) -> Answer:
        return Advance(seconds=3.0, then=lambda: empty_answer(200))

    desk = make_desk((operation(handler),))
    answer = desk.answer("GET", "/probe")
    assert isinstance(answer, Advance)
    assert desk.tenancy.org.journal.entries(kind="exchange") == ()
    then = answer.then()
    assert header(then, "ININ-Correlation-Id") is not None
    (entry,) = desk.tenancy.org.journal.entries(kind="exchange")
    assert entry.facts["status"] == 200


def test_what_breaks_after_an_advance_is_a_500_too(make_desk: "type[Desk]") -> None:
    def then() -> Response:
        raise ValueError("later")

    def handler(call: Call) -> Answer:
        return Advance(seconds=0.0, then=then)

    desk = make_desk((operation(handler),))
    answer = desk.answer("GET", "/probe")
    assert isinstance(answer, Advance)
    assert answer.then().status == 500


def test_time_passes_before_a_request_is_looked_at(desk: "Desk") -> None:
    headers = {"Authorization": desk.bearer()}
    first = desk.ask("GET", "/api/v2/webrtc/clients/me", headers=headers)
    assert json.loads(first.body)["connectionStatus"] == "initializing"
    desk.wait(0.2)
    path = json.loads(first.body)["selfUri"]
    second = desk.ask("GET", path, headers=headers)
    assert json.loads(second.body)["connectionStatus"] == "connected"


# What the journal keeps.


def test_the_journal_tells_of_the_exchange_by_public_ids(desk: "Desk") -> None:
    device = desk.client()
    token_id, secret = desk.token()
    answer = desk.mute(device, f"Bearer {secret}")
    entry = desk.tenancy.org.journal.entries(kind="exchange")[-1]
    assert entry.facts["operation"] == "postWebrtcClientMute"
    assert entry.facts["status"] == 204
    assert entry.facts["token_id"] == token_id
    assert entry.facts["device_id"] == device
    assert entry.facts["correlation_id"] == header(answer, "ININ-Correlation-Id")
    assert entry.facts["body"] == '{"muted": true}'


def test_the_journal_keeps_no_secret(desk: "Desk") -> None:
    _, secret = desk.token()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bodies: list[tuple[str, str, str, bytes, dict[str, str]]] = [
        ("GET", "/api/v2/users/me", f"access_token={secret}", b"", {}),
        ("GET", "/api/v2/users/me", "", b"", {"Authorization": f"Bearer {secret}"}),
        (
            "POST",
            "/oauth/revoke",
            "",
            f"token={secret}&client_secret=offhook-secret".encode(),
            form,
        ),
        ("POST", "/oauth/token", "", b"grant_type=password&password=agent-password", form),
        ("GET", "/oauth/authorize", "client_id=x&code=" + secret, b"", {}),
        ("POST", "/nowhere", "", b'{"accessToken": "' + secret.encode() + b'"}', {}),
    ]
    for method, path, query, body, headers in bodies:
        desk.ask(method, path, query=query, body=body, headers=headers)
    assert len(desk.tenancy.org.journal.entries(kind="exchange")) == len(bodies)
    kept = repr(desk.tenancy.org.journal.entries())
    for word in (secret, "offhook-secret", "agent-password"):
        assert word not in kept


# Faults that reply.


def reply(**changes: Any) -> Reply:
    fields: dict[str, Any] = {"rule_id": "rule-1", "status": 429, "code": None}
    return Reply(**(fields | {"retry_after_s": 3, "body": None} | changes))


def test_a_faulted_answer_looks_like_the_platforms_and_has_no_effect(desk: "Desk") -> None:
    device = desk.client()
    resolved = desk.resolve(
        "POST",
        f"/api/v2/webrtc/clients/{device}/mute",
        body=b'{"muted": true}',
        headers={"Authorization": desk.bearer()},
    )
    answer = faulted(desk.tenancy, resolved, reply(), now=desk.now)
    assert (answer.status, code(answer)) == (429, "too.many.requests.retry.after")
    assert header(answer, "Retry-After") == "3"
    assert header(answer, "Access-Control-Allow-Origin") == "*"
    assert json.loads(answer.body)["contextId"] == resolved.correlation_id
    view = desk.tenancy.org.device(device)
    assert view is not None
    assert not view.muted
    why = desk.tenancy.whys.get(resolved.correlation_id)
    assert why is not None
    assert why["fault"] == "rule-1"
    entry = desk.tenancy.org.journal.entries(kind="exchange")[-1]
    assert entry.facts["fault"] == "rule-1"


def test_a_fault_that_replies_success_is_not_explained(desk: "Desk") -> None:
    resolved = desk.resolve("GET", "/api/v2/stations")
    answer = faulted(
        desk.tenancy, resolved, reply(status=200, retry_after_s=None, body=b"{}"), now=desk.now
    )
    assert (answer.status, answer.body) == (200, b"{}")
    assert len(desk.tenancy.whys) == 0


def test_apply_answers_what_resolve_found(desk: "Desk") -> None:
    resolved = desk.resolve("GET", "/api/v2/users/me", headers={"Authorization": desk.bearer()})
    answer = apply(desk.tenancy, resolved, now=desk.now)
    assert isinstance(answer, Response)
    assert header(answer, "ININ-Correlation-Id") == resolved.correlation_id


def test_the_journal_tells_what_a_repeat_is_recognised_by_and_when_it_was_asked_for(
    desk: "Desk",
) -> None:
    device = desk.client()
    headers = {
        "Authorization": desk.bearer(),
        "Idempotency-Key": "k" * 100,
        "Offhook-Intent": "desk:1",
    }
    path = f"/api/v2/webrtc/clients/{device}/mute"
    resolved = desk.resolve("POST", path, body=b'{"muted": true}', headers=headers)
    faulted(desk.tenancy, resolved, reply(retry_after_text="soon"), now=desk.now)
    facts = desk.tenancy.org.journal.entries(kind="exchange")[-1].facts
    told = {name: facts.get(name) for name in ("idempotency_key", "intent", "retry_after")}
    assert told == {"idempotency_key": "k" * 64, "intent": "desk:1", "retry_after": "soon"}
    apply(desk.tenancy, desk.resolve("GET", "/api/v2/users/me"), now=desk.now)
    plain = desk.tenancy.org.journal.entries(kind="exchange")[-1].facts
    assert not {"idempotency_key", "intent", "if_match", "retry_after"} & set(plain)
