"""Ends: what stands before a real socket is asked the same as what is in memory."""

import inspect

import pytest

from offhook_scenarios.sim.end import End
from offhook_scenarios.sim.transport import SimTransport
from offhook_scenarios.wire.plug import Plug

ASKED = sorted(name for name in vars(End) if not name.startswith("_"))


@pytest.mark.parametrize("kind", [SimTransport, Plug])
@pytest.mark.parametrize("name", ASKED)
def test_both_kinds_of_end_answer_alike(kind: type, name: str) -> None:
    wanted = getattr(End, name)
    if inspect.isfunction(wanted):
        assert inspect.signature(getattr(kind, name)) == inspect.signature(wanted)
    else:
        assert hasattr(kind, name) or name == "context", "the transport sets it when it is made"
