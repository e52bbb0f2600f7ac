"""Lines out of bytes, however they are cut and however long they are."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from offhook_scenarios.adapters.lines import Lines
from offhook_scenarios.adapters.messages import LINE_MAX


@given(st.binary(max_size=200), st.lists(st.integers(0, 200)))
def test_the_cuts_of_the_stream_do_not_matter(data: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    lines, found = Lines(), list[bytes]()
    for start, end in pairwise(places):
        found += lines.feed(data[start:end])
    whole = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    assert [*found, lines.end()] == whole


def test_a_huge_line_is_cut_and_the_next_one_is_whole() -> None:
    lines = Lines()
    for _ in range(300):
        assert list(lines.feed(b"x" * 1000)) == []
    assert list(lines.feed(b"\nnext\n")) == [b"x" * (LINE_MAX + 1), b"next"]
