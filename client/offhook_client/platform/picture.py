"""What a person is told about all calls together."""

from collections.abc import Collection

from offhook_client.models import Belief, Gate, Link, Shown, Source


def shown(beliefs: Collection[Belief], link: Link) -> Shown:
    """`muted` only when every live call is, `live` only when none is; else what is under way.

    Calls that differ are `unknown`, and so is a desk without a call: there is nothing to mute.
    """
    if link is not Link.LIVE:
        return Shown.UNKNOWN
    all_shown = {each.shown for each in beliefs}
    for under_way in (Shown.MUTING, Shown.UNMUTING):
        if under_way in all_shown:
            return under_way
    return all_shown.pop() if len(all_shown) == 1 else Shown.UNKNOWN


def gate(beliefs: Collection[Belief], *, wish: bool | None) -> Gate:
    """Open only while live is desired and confirmed for every live call, and there is one."""
    if wish or not beliefs:
        return Gate.CUT
    return Gate.OPEN if all(each.gate is Gate.OPEN for each in beliefs) else Gate.CUT


def belief(beliefs: Collection[Belief], *, link: Link, wish: bool | None) -> Belief:
    """The calls of a desk as one belief. There is no version, no cause and no device id."""
    desired = {each.desired for each in beliefs}
    sources = {each.source for each in beliefs}
    observed = {each.observed for each in beliefs}
    wished = None if wish is None else Source.USER
    return Belief(
        shown=shown(beliefs, link),
        gate=gate(beliefs, wish=wish),
        desired=desired.pop() if len(desired) == 1 else wish,
        source=sources.pop() if len(sources) == 1 else wished,
        observed=observed.pop() if len(observed) == 1 else None,
        version=None,
        cause=None,
        link=link,
        status=None,
        client_id=None,
    )
