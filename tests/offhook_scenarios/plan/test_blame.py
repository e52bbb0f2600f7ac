"""An error is told with the line of the client that it came from."""

import json
import re
from collections.abc import Callable

import pytest

from offhook_scenarios.plan.blame import blamed
from offhook_scenarios.plan.plan import read_plan


def told_of(call: Callable[[], object], *, without_this_file: bool = False) -> str:
    with pytest.raises(Exception, match=r".") as raised:
        call()
    error = raised.value
    trace = error.__traceback__
    while without_this_file and trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return blamed(error.with_traceback(trace))


def test_it_is_the_innermost_line_that_is_neither_ours_nor_a_librarys() -> None:
    told = told_of(lambda: json.loads("no"))
    assert re.fullmatch(r" \(.*test_blame\.py:\d+, in <lambda>\)", told)


def test_without_such_a_line_it_is_the_librarys() -> None:
    told = told_of(lambda: json.loads("no"), without_this_file=True)
    assert re.fullmatch(rf" \({re.escape(json.__path__[0])}.*:\d+, in raw_decode\)", told)


def test_what_we_raise_of_ourselves_has_no_line() -> None:
    assert told_of(lambda: read_plan(b"no"), without_this_file=True) == ""


def test_a_library_that_only_called_us_is_not_blamed() -> None:
    told = told_of(lambda: json.loads("[1]", parse_int=read_plan), without_this_file=True)
    assert told == ""
