"""The numbers by which sockets are closed."""

from http import HTTPStatus
from pathlib import Path

from offhook.domain import close_codes

CODES = {name: code for name, code in vars(close_codes).items() if name.isupper()}
DIALECT = Path(__file__).parents[3] / "docs" / "reference" / "tutorial-dialect.md"


def test_each_has_one_meaning_and_ours_end_as_an_http_status() -> None:
    assert len(set(CODES.values())) == len(CODES)
    for code in CODES.values():
        assert 1000 <= code < 1016 or code - 4000 in set(HTTPStatus), code


def test_those_of_the_tutorials_sockets_are_documented() -> None:
    (line,) = (
        each for each in DIALECT.read_text(encoding="utf-8").splitlines() if "Close codes:" in each
    )
    listed = {int(word) for word in line.split() if word.isdigit()}
    assert listed == set(CODES.values()) - {close_codes.CUT, close_codes.POLICY}
