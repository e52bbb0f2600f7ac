"""How verbs end when it is nobody's fault."""

import click
import pytest

from offhook.commands.exits import INTERRUPTED, SURROUNDINGS, Surroundings, interruptible


def test_ctrl_c_is_said_with_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit) as ended, interruptible("nothing was eaten"):
        raise KeyboardInterrupt
    assert ended.value.exit_code == INTERRUPTED
    assert capsys.readouterr().err == "Interrupted: nothing was eaten.\n"


def test_who_is_not_interrupted_notices_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with interruptible():
        pass
    with pytest.raises(ValueError, match="other"), interruptible():
        raise ValueError("another error")
    assert capsys.readouterr().err == ""


def test_surroundings_are_an_exit_code_of_their_own() -> None:
    assert Surroundings("The disk is full.").exit_code == SURROUNDINGS == 3
