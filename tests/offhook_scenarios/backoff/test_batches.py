"""Many arrivals at once are answered as they would be one by one."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook_scenarios.backoff.batches import answer_all
from offhook_scenarios.backoff.servers import (
    BacklogAware,
    FixedWindow,
    Outage,
    Refusal,
    Server,
    TokenBucket,
)

KINDS: dict[str, Callable[[], Server]] = {
    "bucket": lambda: TokenBucket(4.0, burst=2),
    "silent bucket": lambda: TokenBucket(3.0, burst=5, retry_after_s=None),
    "window": lambda: FixedWindow(5, window_s=2.0),
    "exact window": lambda: FixedWindow(5, window_s=2.0, whole_seconds=False),
    "backlog": lambda: BacklogAware(4.0),
    "exact backlog": lambda: BacklogAware(7.0, whole_seconds=False),
    "outage": lambda: Outage(TokenBucket(4.0, burst=2), length_s=1.5),
}
GAPS = st.lists(
    st.lists(st.sampled_from([0.0, 0.01, 0.1, 0.25, 1.0]), min_size=1, max_size=30), max_size=6
)


@given(kind=st.sampled_from(list(KINDS)), gaps=GAPS)
def test_batches_and_single_arrivals_have_the_same_answers(
    kind: str, gaps: list[list[float]]
) -> None:
    single, many = KINDS[kind](), KINDS[kind]()
    now = 0.0
    for batch in gaps:
        at = []
        for gap in batch:
            now += gap
            at.append(now)
        expected = [single.answer(time) for time in at]
        answers = answer_all(many, np.array(at))
        assert answers.served.tolist() == [answer is None for answer in expected]
        refused = [answer for answer in expected if answer is not None]
        assert answers.status.tolist() == [answer.status for answer in refused]
        told = [None if np.isnan(seconds) else seconds for seconds in answers.told]
        assert told == [answer.retry_after_s for answer in refused]


def test_a_server_of_ones_own_has_no_batches() -> None:
    class Own:
        capacity_per_s = 1.0
        idle_s = 0.0

        def answer(self, now: float) -> Refusal | None:  # noqa: ARG002 - the signature.
            return None

    server: Server = Own()
    with pytest.raises(TypeError, match="Own has no answer to many arrivals at once"):
        answer_all(server, np.array([0.0]))
