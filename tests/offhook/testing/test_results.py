"""A result travels as properties of a report and comes back as it was."""

from offhook.testing.findings import Finding
from offhook.testing.results import properties_of, result_of

FOUND = (
    Finding(invariant="I2", words="shown muted, and heard"),
    Finding(invariant="I3", words="shown live, and not heard"),
)


def test_it_comes_back_as_it_was() -> None:
    properties = [
        ("somebody_else", 1),
        ("offhook_seed", 7),
        *properties_of(FOUND),
        *properties_of((), trace="t.jsonl", timeline="t.html"),
    ]
    result = result_of(
        properties, test="t.py::test", location=("a\\t.py", 9, "test"), outcome="failed"
    )
    assert result is not None
    assert (result.path, result.line) == ("a/t.py", 10)
    assert (result.seed, result.trace, result.timeline) == ("7", "t.jsonl", "t.html")
    assert result.findings == FOUND


def test_a_test_without_a_mock_is_none_of_ours() -> None:
    assert result_of([("x", 1)], test="t", location=("t.py", None, "t"), outcome="passed") is None
