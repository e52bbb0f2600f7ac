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
    statuses={"204": 9, "429": 6},
)


def test_it_is_told_in_lines() -> None:
    assert list(told(TALLY, policy="fixed", users=3)) == [
        "3 users that retry by fixed: 15 requests (9 x 204, 6 x 429).",
        "10 operations, 1.50 requests for each; 1 were given up.",
        "4 retries were told a Retry-After: 2 were early; asked 2.00 s, waited 1.50 s on average.",
    ]
    assert list(told(Tally(), policy="fixed", users=3)) == [
        "3 users that retry by fixed: 0 requests ()."
    ]


def test_it_is_told_to_programs() -> None:
    found = document(TALLY, policy="fixed", users=3)
    assert (found["gaveUp"], found["requestsPerOperation"]) == (1, 1.5)
    assert document(Tally(), policy="x", users=1)["requestsPerOperation"] is None
