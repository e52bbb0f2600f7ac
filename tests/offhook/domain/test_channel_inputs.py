"""The inputs of channels are values, and all of them have a taker."""

import inspect

from offhook.domain import channel_inputs
from offhook.domain.inputs import Input
from offhook.domain.org import Org
from offhook.settings import DEFAULT


def test_the_org_takes_every_input_of_channels() -> None:
    org = Org(DEFAULT, seed=1, now=0.0)
    kinds = {
        kind
        for _, kind in inspect.getmembers(channel_inputs, inspect.isclass)
        if issubclass(kind, Input) and kind is not Input
    }
    assert len(kinds) >= 6
    assert kinds <= set(org._handlers)


def test_an_input_is_a_frozen_value() -> None:
    first = channel_inputs.AnnounceClosing(channel_id=None)
    assert first == channel_inputs.AnnounceClosing(channel_id=None)
    assert first != channel_inputs.AnnounceClosing(channel_id="c")
