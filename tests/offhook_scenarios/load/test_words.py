"""What load came to."""

from offhook_scenarios.load.meter import Tally
from offhook_scenarios.load.words import document, told

TALLY = Tally(
    operations=10,
    attempts=15,
    gave_up=1,
    told=4,
    early=2,
    asked_s=8.0,
    waited_s=6.0,
    waiting=3,
    statuses={"204": 9, "429": 6},
)
LIMIT = (
    "A mock answers 429 from 300 requests a minute of a user and OAuth client on, earlier runs "
    "included; its policies rate_per_user_and_client, rate_per_user and rate_per_token raise that."
)


def test_it_is_told_in_lines() -> None:
    assert list(told(TALLY, policy="fixed", users=3)) == [
        "3 users that retry by fixed: 15 requests (9 x 204, 6 x 429).",
        "10 operations, 1.50 requests for each; 1 were given up.",
        "4 retries were told a Retry-After: 2 were early; asked 2.00 s, waited 1.50 s on average.",
        "3 were still waiting for theirs at the end.",
        LIMIT,
    ]
    assert list(told(Tally(), policy="fixed", users=3)) == [
        "3 users that retry by fixed: 0 requests ()."
    ]


def test_without_a_refusal_nothing_is_said_of_limits_and_waits() -> None:
    tally = Tally(operations=1, attempts=1, statuses={"204": 1})
    assert not any("429" in line or "wait" in line for line in told(tally, policy="x", users=1))
    waiting = Tally(waiting=1, statuses={"503": 1})
    assert "1 were still" in "".join(told(waiting, policy="x", users=1))


def test_it_is_told_to_programs() -> None:
    found = document(TALLY, policy="fixed", users=3)
    assert (found["gaveUp"], found["requestsPerOperation"]) == (1, 1.5)
    assert document(Tally(), policy="x", users=1)["requestsPerOperation"] is None
