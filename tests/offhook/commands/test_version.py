"""`offhook version`."""

from click.testing import CliRunner

import offhook
from offhook.commands.version import version


def test_it_is_one_line_and_nothing_else() -> None:
    assert CliRunner().invoke(version).output == f"{offhook.__version__}\n"
