"""Schemathesis against the running mock: what the document says is what is answered.

Bounded, seeded, over loopback. The rate limits are lifted, or most answers would be 429.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig

import offhook
from offhook.api.openapi import document
from offhook.api.operation import Dialect
from offhook.server import OPERATIONS

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "6"))
"""Drawn requests an operation, besides the hundreds of its coverage; `make nightly` asks more."""

_PLENTY = offhook.Policies(
    rate_per_token=10**9, rate_per_user_and_client=10**9, rate_per_user=10**9
)


@pytest.fixture(scope="module")
def mock() -> Iterator[offhook.ThreadedServer]:
    with offhook.serve(
        offhook.OrgSettings(
            users=offhook.DEFAULT.users, clients=offhook.DEFAULT.clients, policies=_PLENTY
        ),
        seed=1,
    ) as server:
        yield server


# By itself its coverage phase writes headers of letters and digits only (observed, 4.32.5), and
# takes for right what then meets no pattern that needs a quote or a colon.
schemathesis.openapi.format(
    "entity-tag", st.from_regex(r'"[1-9][0-9]{0,9}\.(0|[1-9][0-9]{0,9})"', fullmatch=True)
)
schemathesis.openapi.format("intent", st.from_regex(r"[a-z]{1,64}:[1-9][0-9]{0,9}", fullmatch=True))


def _schema(*dialects: Dialect) -> Any:
    rows = [row for row in OPERATIONS if row.dialects & set(dialects)]
    return schemathesis.openapi.from_dict(
        document(rows, title="Offhook", version="0"),
        config=SchemathesisConfig.discover(),
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
