"""The check that no test leaves a handler behind sees one, and puts things right."""

import asyncio
import signal
import sys

import pytest
from tests.signals import handlers, restored


def test_a_handler_that_is_left_is_named_and_taken_away() -> None:
    before = handlers()
    assert restored(before) == []
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (left,) = restored(before)
    assert left.startswith("SIGTERM ")
    assert handlers() == before


@pytest.mark.skipif(sys.platform == "win32", reason="its loops know no signals")
def test_one_that_a_loop_has_left_too() -> None:
    before = handlers()
    loop = asyncio.new_event_loop()
    loop.add_signal_handler(signal.SIGINT, print)
    (left,) = restored(before)
    assert left.startswith("SIGINT ")
    loop.close()
    assert handlers() == before


def test_ctrl_c_is_not_ignored_wherever_the_suite_was_started() -> None:
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
