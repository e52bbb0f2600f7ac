"""Traces: one digest, and the first place where two of them differ."""

from offhook_scenarios.sim.trace import EXCERPT_BYTES, Kind, Trace, Way, first_divergence


def traced(*texts: bytes, at: float = 1.0, keep: bool = True) -> Trace:
    trace = Trace(keep=keep)
    for text in texts:
        trace.note(at, Kind.DATA, 1, Way.UP, text)
    return trace


def test_the_same_is_the_same_kept_or_not() -> None:
    assert traced(b"a", b"b").digest == traced(b"a", b"b", keep=False).digest


def test_everything_counts() -> None:
    base = Trace()
    base.note(1.0, Kind.DATA, 1, Way.UP, b"a")
    others = [
        (1.0000000001, Kind.DATA, 1, Way.UP, b"a"),
        (1.0, Kind.LOST, 1, Way.UP, b"a"),
        (1.0, Kind.DATA, 2, Way.UP, b"a"),
        (1.0, Kind.DATA, 1, Way.DOWN, b"a"),
        (1.0, Kind.DATA, 1, Way.UP, b"b"),
        (1.0, Kind.DATA, 1, Way.UP, b"aa"),
    ]
    digests = {base.digest}
    for at, kind, connection, way, data in others:
        other = Trace()
        other.note(at, kind, connection, way, data)
        digests.add(other.digest)
    assert len(digests) == 7


def test_without_keeping_only_the_length_is_known() -> None:
    trace = traced(b"a", b"b", keep=False)
    assert (trace.length, trace.records) == (2, None)


def test_the_first_divergence_is_told_in_words() -> None:
    one, other = traced(b"same", b"left"), traced(b"same", b"right")
    assert one.records is not None
    assert other.records is not None
    assert first_divergence(one.records, one.records) is None
    found = first_divergence(one.records, other.records)
    assert found is not None
    assert found.index == 1
    assert "from record 1 on" in str(found)
    assert "b'left'" in str(found)
    assert "b'right'" in str(found)


def test_a_trace_that_ends_early_diverges_where_it_ends() -> None:
    one, other = traced(b"same"), traced(b"same", b"more")
    assert one.records is not None
    assert other.records is not None
    found = first_divergence(one.records, other.records)
    assert found is not None
    assert found.one is None
    assert "one: has ended" in str(found)


def test_a_record_shows_no_more_than_an_excerpt() -> None:
    records = traced(b"x" * 1_000).records
    assert records is not None
    (record,) = records
    assert record.size == 1_000
    assert len(record.excerpt) == EXCERPT_BYTES
