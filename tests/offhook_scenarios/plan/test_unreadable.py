"""What is no plan is told with what would be right; `test_plan` has the whole sentences."""

import msgspec
import pytest

from offhook_scenarios.plan.unreadable import UNREADABLE, told


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """Has one member."""

    version: int = 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"version": 1,', "it is no JSON: Expecting property name enclosed in double quotes"),
        (b'{"version": "a"}', "it is a plan of version 'a', and version 1 is read here"),
        (b'{"other": 1}', "Object contains unknown field `other`"),
        (b"\xff\xfe", "it is no UTF-8: invalid start byte at byte 0"),
        (b"", "it is no JSON: Expecting value: line 1 column 1"),
    ],
)
def test_each_is_told_in_words(text: bytes, words: str) -> None:
    with pytest.raises(UNREADABLE) as raised:
        msgspec.json.decode(text, type=Told)
    assert told(raised.value, text, kinds=["press"], version=1).startswith(words)
