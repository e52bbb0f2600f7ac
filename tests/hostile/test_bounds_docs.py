"""docs/reference/bounds.md says what the code does."""

import re
from pathlib import Path

import pytest

from offhook import journal
from offhook.adapters import bounds, socket
from offhook.api import decode
from offhook.domain import devices, sockets
from offhook.oauth import ledger
from offhook.policies import Policies

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "bounds.md"
ROWS = re.findall(
    r"^\| (policy )?`(\w+)`[^|]*\| ([\d.]+) \|", PAGE.read_text("utf-8"), re.MULTILINE
)
HOMES = (bounds, socket, decode, devices, sockets, ledger, journal)


@pytest.mark.parametrize(("policy", "name", "told"), ROWS, ids=[name for _, name, _ in ROWS])
def test_a_documented_bound_is_the_one_in_force(policy: str, name: str, told: str) -> None:
    if policy:
        real = getattr(Policies(), name)
    else:
        real = next(vars(home)[name] for home in HOMES if name in vars(home))
    assert float(told) == float(real)


def test_every_bound_of_the_listener_is_documented() -> None:
    names = {name for name in vars(bounds) if name.isupper()}
    assert names <= {name for _, name, _ in ROWS}
