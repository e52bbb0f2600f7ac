"""Schemathesis against the running mock: what the document says is what is answered.

Bounded, seeded, over loopback. The rate limits are lifted, or most answers would be 429.
Operation by operation first; then along the links of the document and those that Schemathesis
infers, where what one answer names is asked for next: created, read, muted, deleted.
"""

import os
from collections.abc import Container, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig

import offhook
from offhook.api.openapi import document
from offhook.api.operation import Dialect
from offhook.policies import WrongCallState
from offhook.server import OPERATIONS

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "6"))
"""Drawn requests an operation, besides the hundreds of its coverage; `make nightly` asks more."""

PATHS = 6
PATHS_NIGHTLY = int(os.environ.get("CONTRACT_PATHS", "200"))
STEPS = 20
"""Paths along the links, and the most requests of one."""
ROUNDS = 8
"""The most often that so many paths are walked."""

_PLENTY = offhook.Policies(
    rate_per_token=10**9,
    rate_per_user_and_client=10**9,
    rate_per_user=10**9,
    connect_delay_s=0,
    outbound_answer_s=0,
    wrong_call_state=WrongCallState.CONFLICT,
)
_ROOM = offhook.OrgSettings(
    users=offhook.DEFAULT.users, clients=offhook.DEFAULT.clients, policies=_PLENTY
)


@pytest.fixture(scope="module")
def mock() -> Iterator[offhook.ThreadedServer]:
    with offhook.serve(_ROOM, seed=1) as server:
        yield server


@pytest.fixture
def standing() -> Iterator[offhook.ThreadedServer]:
    """Its clock stands still, so that no walk depends on how fast it is."""
    with offhook.serve(_ROOM, seed=1, clock=offhook.ManualClock()) as server:
        yield server


# By itself its coverage phase writes headers of letters and digits only (observed, 4.32.5), and
# takes for right what then meets no pattern that needs a quote or a colon.
schemathesis.openapi.format(
    "entity-tag", st.from_regex(r'"[1-9][0-9]{0,9}\.(0|[1-9][0-9]{0,9})"', fullmatch=True)
)
schemathesis.openapi.format("intent", st.from_regex(r"[a-z]{1,64}:[1-9][0-9]{0,9}", fullmatch=True))


# By itself it takes 412 for a complaint about the data, and it is one about the moment.
_ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "412", "429", "5xx"]
# No schema can say which topics and presences this org has; what it has not is a 400.
_LOOKED_UP = [
    "postNotificationsChannelSubscriptions",
    "putNotificationsChannelSubscriptions",
    "patchUserPresencesPurecloud",
]
_CONFIG = {
    # What it infers from names alone (a station's user, whose tokens are deleted) leads away.
    "phases": {"stateful": {"inference": {"algorithms": []}}},
    "checks": {"positive_data_acceptance": {"expected-statuses": _ACCEPTED}},
    "operations": [
        {
            "include-operation-id": _LOOKED_UP,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "400"]},
            },
        }
    ],
}


def _schema(*dialects: Dialect, beside: Container[str] = ()) -> Any:
    rows = [row for row in OPERATIONS if row.dialects & set(dialects) or row.id in beside]
    return schemathesis.openapi.from_dict(
        document(rows, title="Offhook", version="0"),
        config=SchemathesisConfig.from_dict(_CONFIG),
    )


API = _schema(Dialect.TUTORIAL, Dialect.PLATFORM).exclude(
    # A socket: without an upgrade, which is never asked for here, all it says is 426.
    operation_id=["getChannelSocket"]
)
OAUTH = _schema(Dialect.OAUTH)
CONTROL = _schema(Dialect.CONTROL).exclude(
    # Resetting would end the token, and the clock must not run away from it.
    operation_id=["postReset", "advanceClock", "pauseClock", "getControlOpenapi"]
)

PATHS_OF_TUTORIAL = _schema(Dialect.TUTORIAL).exclude(
    # Without an upgrade a socket says 426. And beside a list, which is empty, nothing else begins.
    operation_id=["getWebrtcClientEvents", "getWebrtcClients"]
)
_OF_CALLS = {row.id for row in OPERATIONS if "onversation" in row.id} | {"postCall", "patchCall"}
PATHS_OF_CALLS = _schema(beside=_OF_CALLS)
PATHS_OF_PLATFORM = _schema(Dialect.PLATFORM).exclude(
    operation_id=["getChannelSocket", *sorted(_OF_CALLS)]
)

_BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)

_UNKNOWN_IS_IGNORED: list[Any] = [CHECKS.get_one("negative_data_rejection")]
"""It takes any unknown query parameter for wrong. The platform ignores what it does not know, and
so do we; that known ones with wrong values are refused is a table test in test_parameters.py.
"""

_OAUTH_IS_STRICTER: list[Any] = [*_UNKNOWN_IS_IGNORED, CHECKS.get_one("positive_data_acceptance")]
"""No schema can say that no field may be repeated (RFC 6749 §3.2), or which clients there are;
both are a 400 that the tests of OAuth walk over.
"""

_WHAT_ENDS_IS_READ_ON: list[Any] = [*_UNKNOWN_IS_IGNORED, CHECKS.get_one("use_after_free")]
"""A call that has ended is read for its wrap-up, and a device until it is terminated."""


@API.parametrize()
@_BOUNDED
def test_the_api_answers_what_its_document_says(case: Any, mock: offhook.ThreadedServer) -> None:
    case.call_and_validate(
        base_url=mock.url,
        headers={"Authorization": f"Bearer {mock.token()}"},
        excluded_checks=_UNKNOWN_IS_IGNORED,
    )
    assert mock.errors == ()


@OAUTH.parametrize()
@_BOUNDED
def test_oauth_answers_what_its_document_says(case: Any, mock: offhook.ThreadedServer) -> None:
    case.call_and_validate(
        base_url=mock.url, allow_redirects=False, excluded_checks=_OAUTH_IS_STRICTER
    )
    assert mock.errors == ()


@CONTROL.parametrize()
@_BOUNDED
def test_control_answers_what_its_document_says(case: Any, mock: offhook.ThreadedServer) -> None:
    case.call_and_validate(base_url=mock.url, excluded_checks=_UNKNOWN_IS_IGNORED)
    assert mock.errors == ()


class Walk:
    """A walk along the links, and what was followed: `source > target status`."""

    def __init__(self, schema: Any, mock: offhook.ThreadedServer, *, excluded: list[Any]) -> None:
        machine: Any = schema.as_state_machine()
        self.followed: set[str] = set()
        names = {f"{row.method} {row.path}": row.id for row in OPERATIONS}
        followed = self.followed

        class Path(machine):  # type: ignore[misc]  # - made of the document.
            def setup(self) -> None:
                mock.reset()  # The same draws must meet the same state, or nothing repeats.

            def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
                headers = {"Authorization": f"Bearer {mock.token()}"}
                return {"base_url": mock.url, "headers": headers, "allow_redirects": False}

            def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
                case.validate_response(
                    response,
                    excluded_checks=excluded,
                    transport_kwargs=kwargs,
                    recorder=self.recorder,
                )

            def step(self, given: Any) -> Any:
                output = super().step(given)
                if given.transition is not None and given.is_applied:
                    source = names[given.transition.id.partition(" -> ")[0]]
                    target = names[given.case.operation.label]
                    followed.add(f"{source} > {target} {output.response.status_code}")
                return output

        self._machine = Path

    def go(self, paths: int, *, turn: int) -> None:
        """Walk so many paths, others each turn; raises what Schemathesis finds wrong."""
        seed(turn)(self._machine)
        self._machine.run(
            settings=settings(
                _BOUNDED, derandomize=False, max_examples=paths, stateful_step_count=STEPS
            )
        )


WALKS = pytest.mark.parametrize(
    ("schema", "excluded", "promised"),
    [
        pytest.param(
            PATHS_OF_TUTORIAL,
            _WHAT_ENDS_IS_READ_ON,
            {
                "getWebrtcClientsMe > getWebrtcClient 200",
                "getWebrtcClient > postWebrtcClientMute 204",
                "getWebrtcClient > deleteWebrtcClient 204",
            },
            id="tutorial",
        ),
        pytest.param(
            PATHS_OF_CALLS,
            _WHAT_ENDS_IS_READ_ON,
            {
                "postConversationsCalls > getConversation 200",
                "getConversation > patchConversationsCallParticipant 202",
                "getConversation > postConversationDisconnect 202",
            },
            id="calls",
        ),
        pytest.param(
            PATHS_OF_PLATFORM,
            _WHAT_ENDS_IS_READ_ON,
            {
                "getUsersMe > patchUserPresencesPurecloud 200",
                "postNotificationsChannels > headNotificationsChannel 200",
            },
            id="platform",
        ),
        pytest.param(
            CONTROL,
            _UNKNOWN_IS_IGNORED,
            {"postToken > revokeToken 204", "postStub > deleteStub 204"},
            id="control",
        ),
    ],
)
"""What is walked, and what must have been followed with success, or nothing would be proven."""


def _walk(
    schema: Any,
    mock: offhook.ThreadedServer,
    *,
    excluded: list[Any],
    promised: set[str],
    paths: int,
) -> None:
    """Walk until what is promised was followed. What Hypothesis draws rests on what is imported."""
    walk = Walk(schema, mock, excluded=excluded)
    for turn in range(ROUNDS):
        walk.go(paths, turn=turn)
        assert mock.errors == ()
        if promised <= walk.followed:
            return
    raise AssertionError(f"never followed: {promised - walk.followed}")


@WALKS
def test_what_one_answer_names_is_found_by_the_next(
    standing: offhook.ThreadedServer, schema: Any, excluded: list[Any], promised: set[str]
) -> None:
    _walk(schema, standing, excluded=excluded, promised=promised, paths=PATHS)


@pytest.mark.nightly
@WALKS
def test_so_it_is_on_longer_walks(
    standing: offhook.ThreadedServer, schema: Any, excluded: list[Any], promised: set[str]
) -> None:
    _walk(schema, standing, excluded=excluded, promised=promised, paths=PATHS_NIGHTLY)
