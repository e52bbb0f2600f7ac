"""An org that was frozen and thawed goes on as if nothing had been, and no other bytes do harm."""

import os
import pickle
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offhook import DEFAULT
from offhook.domain.channel_inputs import AttachChannel, OpenChannel, Subscribe
from offhook.domain.errors import DomainError
from offhook.domain.frozen import FrozenError, freeze, thaw
from offhook.domain.inputs import (
    AttachSocket,
    ChangeCall,
    DeleteDevice,
    ForceMute,
    Input,
    OpenDevice,
    PatchPolicies,
    SetMute,
    StartCall,
)
from offhook.domain.org import Org
from offhook.domain.views import Role
from offhook.oauth.inputs import ExpireToken, MintToken

NOW = 1_790_000_000.0


class Life:
    """An org and what lives in it, known by the ids that it answered with."""

    def __init__(self) -> None:
        self.org = Org(DEFAULT, seed=3, now=NOW)
        self.user = self.org.users()[0].id
        self.now = NOW
        minted = self.org.receive(MintToken(user="agent"), now=NOW)
        self.token, self.client = minted.token.id, minted.token.client_id
        self.device = self.org.receive(OpenDevice(user_id=self.user, name="d"), now=NOW).id
        self.call = self.channel = "none yet"

    def do(self, what: int) -> object:
        """Something happens; what comes of it, as values."""
        self.now += 0.75
        item = self._items()[what]()
        try:
            answer: Any = self.org.receive(item, now=self.now)
        except DomainError as error:
            answer = error.code
        if isinstance(item, StartCall) and not isinstance(answer, str):
            self.call = answer.id
        if isinstance(item, OpenChannel) and not isinstance(answer, str):
            self.channel = answer.id
        return (
            answer,
            self.org.take_outbound(),
            self.org.next_deadline(),
            self.org.state(now=self.now),
        )

    def _items(self) -> list[Callable[[], Input[Any]]]:
        return [
            lambda: OpenDevice(user_id=self.user, name="d"),
            lambda: SetMute(device_id=self.device, muted=True, actor=self.user),
            lambda: SetMute(device_id=self.device, muted=False, actor=self.user),
            lambda: ForceMute(device_id=self.device, muted=True),
            lambda: StartCall(device_id=self.device),
            lambda: ChangeCall(conversation_id=self.call, held=True),
            lambda: ChangeCall(conversation_id=self.call, state="ended"),
            lambda: AttachSocket(
                socket_id=f"s{self.now}",
                device_id=self.device,
                role=Role.DEVICE,
                token_id=self.token,
            ),
            lambda: OpenChannel(user_id=self.user, client_id=self.client, token_id=self.token),
            lambda: Subscribe(
                channel_id=self.channel, topics=(f"v2.users.{self.user}.presence",), replace=False
            ),
            lambda: AttachChannel(socket_id=f"c{self.now}", channel_id=self.channel),
            lambda: DeleteDevice(device_id=self.device, actor=self.user),
            lambda: MintToken(user="agent", ttl_s=5),
            lambda: ExpireToken(token_id=self.token),
            lambda: PatchPolicies(changes={"heartbeat_s": 1}),
        ]


COUNT = len(Life()._items())


@given(st.lists(st.integers(0, COUNT - 1), max_size=40), st.data())
@settings(max_examples=60, deadline=None)
def test_whenever_it_is_frozen_it_goes_on_as_it_would_have(
    steps: list[int], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(steps)))
    one, other = Life(), Life()
    for number, what in enumerate(steps):
        if number == at:
            other.org = thaw(freeze(other.org))
        assert one.do(what) == other.do(what)


def test_what_it_told_and_who_was_told_stay_behind() -> None:
    life = Life()
    life.org.log = lambda _item, _now: None
    again = thaw(freeze(life.org))
    assert again.log is None
    assert again.journal.seq == 0
    assert len(again.limiter) == 0
    assert again.journal.hide is not None
    secret = again.receive(MintToken(user="agent"), now=life.now).secret
    assert secret not in again.journal.hide(f"x {secret}")


class _Harm:
    def __init__(self, *call: Any) -> None:
        self._call = call

    def __reduce__(self) -> Any:
        return self._call


@pytest.mark.parametrize(
    "harm",
    [
        _Harm(os.system, ("true",)),
        _Harm(eval, ("1",)),
        _Harm(getattr, (DEFAULT, "__class__")),
        _Harm(freeze, (None,)),
        _Harm(msgspec.json.decode, (b"1",)),
        DEFAULT,
        "no org",
    ],
)
def test_bytes_that_are_no_org_name_nothing_and_call_nothing(harm: object) -> None:
    with pytest.raises(FrozenError, match=r"^The snapshot .*\.$"):
        thaw(pickle.dumps(harm))


def test_a_snapshot_cut_anywhere_is_no_org() -> None:
    whole = freeze(Life().org)
    for size in range(0, len(whole), 97):
        with pytest.raises(FrozenError):
            thaw(whole[:size])
