"""The journal: what it keeps, what it drops, how it is read."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.version import Version
from offhook.domain.views import Cause
from offhook.journal import DEFAULT_MAX_BYTES, KINDS, Dropped, Entry, Journal


@pytest.fixture
def journal() -> Journal:
    journal = Journal()
    journal.record("exchange", at=1.0, operation="getUsersMe", status=200)
    journal.record("input", at=2.0, input="SetMute", device_id="d1")
    journal.record("exchange", at=3.0, operation="postWebrtcClientMute", client_id="d1")
    journal.record("exchange", at=4.0, operation="postWebrtcClientMute", client_id="d2")
    return journal


def test_an_entry_is_read_as_it_was_written(journal: Journal) -> None:
    assert journal.entries()[0] == Entry(
        seq=1, at=1.0, kind="exchange", facts={"operation": "getUsersMe", "status": 200}
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"kind": "exchange"}, [1, 3, 4]),
        ({"kind": "fault"}, []),
        ({"operation": "postWebrtcClientMute"}, [3, 4]),
        ({"client_id": "d1"}, [2, 3]),
        ({"client_id": "d1", "kind": "input"}, [2]),
        ({"after": 2}, [3, 4]),
        ({"after": 99}, []),
        ({"limit": 2}, [1, 2]),
        ({"limit": 0}, []),
        ({"limit": 1, "after": 1, "kind": "exchange"}, [3]),
    ],
)
def test_filters_are_all_applied(
    journal: Journal, filters: dict[str, object], expected: list[int]
) -> None:
    found = journal.entries(**filters)  # type: ignore[arg-type]  # mypy cannot see - the table holds what fits.
    assert [each.seq for each in found] == expected


def test_record_tells_the_number_of_the_entry() -> None:
    journal = Journal()
    assert [journal.record("clock", at=0.0) for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_taken(kind: str) -> None:
    journal = Journal()
    journal.record(kind, at=0.0)
    assert journal.entries(kind=kind) == journal.entries()


def test_an_unknown_kind_is_a_broken_promise_of_ours() -> None:
    with pytest.raises(AssertionError, match="no kind 'gossip'"):
        Journal().record("gossip", at=0.0)


def test_a_fact_may_be_called_kind() -> None:
    journal = Journal()
    journal.record("input", at=0.0, kind="exchange")
    assert journal.entries()[0].facts == {"kind": "exchange"}
    assert journal.entries(kind="exchange") == ()
    assert journal.entries(kind="input") == journal.entries()


def test_facts_are_json() -> None:
    journal = Journal()
    journal.record("input", at=0.0, version=Version(1, 2), cause=Cause.SELF, names=frozenset("a"))
    assert journal.entries()[0].facts == {
        "version": {"epoch": 1, "rev": 2},
        "cause": "self",
        "names": ["a"],
    }


def test_what_is_not_json_is_refused_and_not_counted() -> None:
    journal = Journal()
    with pytest.raises(TypeError):
        journal.record("input", at=0.0, thing=object())
    assert journal.record("input", at=0.0) == 1
    assert len(journal.entries()) == 1


def test_an_entry_does_not_change_after_the_fact() -> None:
    journal = Journal()
    names = ["a"]
    journal.record("input", at=0.0, names=names)
    names.append("b")
    journal.entries()[0].facts["names"] = "painted over"
    assert journal.entries()[0].facts == {"names": ["a"]}


def test_by_default_the_bound_is_8_mebibytes() -> None:
    assert Journal().max_bytes == DEFAULT_MAX_BYTES == 8_388_608


def test_the_oldest_is_dropped_and_counted() -> None:
    size = len(msgspec.json.encode(Entry(seq=1, at=0.0, kind="input", facts={"text": "x" * 50})))
    journal = Journal(max_bytes=3 * size)
    for _ in range(5):
        journal.record("input", at=0.0, text="x" * 50)
    assert [each.seq for each in journal.entries()] == [3, 4, 5]
    assert journal.bytes == 3 * size
    assert journal.dropped == Dropped(entries=2, bytes=2 * size)


def test_an_entry_beyond_the_bound_is_dropped_itself() -> None:
    journal = Journal(max_bytes=100)
    journal.record("input", at=0.0)
    journal.record("input", at=0.0, text="x" * 200)
    assert journal.entries() == ()
    assert journal.bytes == 0
    assert journal.dropped.entries == 2
    assert journal.record("input", at=0.0) == 3


@given(st.integers(0, 400), st.lists(st.text(max_size=80), max_size=30))
def test_the_bound_holds_and_nothing_is_lost_from_the_books(
    max_bytes: int, texts: list[str]
) -> None:
    journal = Journal(max_bytes=max_bytes)
    written = 0
    for text in texts:
        seq = journal.record("input", at=0.0, text=text)
        entry = Entry(seq=seq, at=0.0, kind="input", facts={"text": text})
        written += len(msgspec.json.encode(entry))
        assert journal.bytes <= max_bytes
        kept = journal.entries()
        assert journal.bytes + journal.dropped.bytes == written
        assert len(kept) + journal.dropped.entries == seq
        assert [each.seq for each in kept] == list(range(seq - len(kept) + 1, seq + 1))


def test_whoever_follows_is_told_each_entry_as_it_is_recorded(journal: Journal) -> None:
    told: list[tuple[object, ...]] = []
    journal.follow(lambda kind, at, facts: told.append((kind, at, dict(facts))))
    journal.record("set", at=5.0, device_id="d1")
    assert told == [("set", 5.0, {"device_id": "d1"})]


def test_the_newest_number_is_told_also_when_it_was_dropped() -> None:
    journal = Journal(max_bytes=1)
    assert journal.seq == 0
    journal.record("clock", at=1.0)
    assert journal.seq == 1


def test_words_of_a_client_are_written_without_what_must_be_hidden() -> None:
    journal = Journal()
    journal.hide = lambda text: text.replace("secret", "[redacted]")
    journal.write("exchange", {"path": "/secret"}, at=0.0, foreign=True)
    journal.record("frame-in", at=0.0, frame="my secret")
    journal.record("clock", at=0.0, advanced_s=1)
    told = [entry.facts for entry in journal.entries()]
    assert told[0] == {"path": "/[redacted]"}
    assert told[1] == {"frame": "my [redacted]"}
