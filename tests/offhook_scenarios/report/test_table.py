"""The printed report, to the letter, and without colours where none are wanted."""

import io

import msgspec
from rich.console import Console

from offhook_scenarios.complete_example import ExampleRun
from offhook_scenarios.demo import Demo
from offhook_scenarios.report.table import print_table

PRINTED = """\
The tutorial's complete example, over real sockets
   Authenticated successfully.

Did the screen tell the truth about the microphone?

 1 <b>"troubled" & odd</b>                                             assumed
   naive      LIVE 20.0 s: screen muted, caller could hear · not exercised: never never bit
   careful    not exercised: never never bit
   broken     error: KeyError: '<id>'

Told the truth: naive 0 of 1, careful 0 of 1, broken 0 of 1.
A screen that is wrong for up to 2 s is news on its way, not a lie.
Findings on `assumed` evidence rest on what nobody documents.
"""


def printed(demo: Demo, *, terminal: bool = False, **environment: str) -> str:
    paper = io.StringIO()
    surroundings = {"TERM": "xterm", **environment}
    console = Console(file=paper, force_terminal=terminal, _environ=surroundings)
    print_table(demo, console, budget_s=2.0)
    return paper.getvalue()


def test_the_report_without_a_terminal(small_demo: Demo) -> None:
    assert printed(small_demo) == PRINTED


def test_a_terminal_gets_colours_unless_it_wants_none(small_demo: Demo) -> None:
    red = "\x1b[1;31m   naive      LIVE 20.0 s"
    assert red in printed(small_demo, terminal=True)
    assert red not in printed(small_demo, terminal=True, NO_COLOR="1")


def test_a_broken_example_is_told(small_demo: Demo) -> None:
    broken = msgspec.structs.replace(small_demo, example=ExampleRun(error="KeyError: 'id'"))
    assert "   error: KeyError: 'id'\n" in printed(broken)


def test_remarks_stand_below_the_scores(small_demo: Demo) -> None:
    told = printed(msgspec.structs.replace(small_demo, remarks=("js-sdk was not played: no Node",)))
    assert "not a lie.\njs-sdk was not played: no Node\nFindings" in told
