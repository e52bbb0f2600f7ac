"""Versions and intents, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.errors import DomainError
from offhook.domain.version import Intent, Version

NAMES = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)


@given(st.integers(1, 10**18 - 1), st.integers(0, 10**18 - 1))
def test_a_version_is_read_as_it_is_written(epoch: int, rev: int) -> None:
    version = Version(epoch, rev)
    assert Version.parse(str(version), where="since") == version
    assert Version.parse(version.etag, where="If-Match") == version


@given(NAMES, st.integers(1, 10**18 - 1))
def test_an_intent_is_read_as_it_is_written(instance: str, seq: int) -> None:
    intent = Intent(instance, seq)
    assert Intent.parse(str(intent), where="Offhook-Intent") == intent


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "1", "1.", ".1", "0.1", "-1.1", "1.-1", "01.1", "1.01", "1.1.1", "1,1"),
        *(" 1.1", "1.1 ", "1.1\n", '"1.1', '1.1"', '"', '""', '""1.1""', 'W/"1.1"', "*"),
        *("a.b", "1.1e3", "\u0661.\u0661", "1." + "9" * 19, "9" * 5000 + ".1"),
    ],
)
def test_what_is_no_version_is_refused_by_name(text: str) -> None:
    with pytest.raises(DomainError, match="If-Match is ") as caught:
        Version.parse(text, where="If-Match")
    assert caught.value.code == "invalid.value"


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", "a", "a:", ":1", "a:0", "a:01", "a:-1", "a:1:1", "a b:1", "a:1\n", "ä:1"),
        *("a:x", "a" * 65 + ":1", "a:" + "9" * 19, "a:\u0967"),
    ],
)
def test_what_is_no_intent_is_refused_by_name(text: str) -> None:
    with pytest.raises(DomainError, match="Offhook-Intent is ") as caught:
        Intent.parse(text, where="Offhook-Intent")
    assert caught.value.code == "invalid.value"


def test_newer_is_greater_and_the_epoch_weighs_more() -> None:
    rising = [Version(1, 0), Version(1, 2), Version(1, 10), Version(2, 0), Version(10, 0)]
    shuffled = [rising[index] for index in (3, 0, 4, 2, 1)]
    assert sorted(shuffled) == rising


def test_an_etag_has_its_quotes() -> None:
    assert Version(1, 3).etag == '"1.3"'
