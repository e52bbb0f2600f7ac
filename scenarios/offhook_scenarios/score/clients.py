"""Which client is scored: any that `offhook check` plays, or a policy."""

from collections.abc import Mapping

import msgspec

from offhook_scenarios.adapters.browser import Page
from offhook_scenarios.adapters.chromium import check_reins
from offhook_scenarios.adapters.javascript import JavascriptDesk
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.loading import load
from offhook_scenarios.check.client_name import NoClientError, is_guest
from offhook_scenarios.check.clients import find_client
from offhook_scenarios.check.guests import guests
from offhook_scenarios.score.bench import MakeClient
from offhook_scenarios.score.policy_desk import BLIND, PolicyDesk

POLICY = "policy:"
OUTSIDE = {"B44": "a client outside this process has no way to say how many requests it sent"}
"""What cannot be judged of a guest: the adapter protocol and pages tell no counts."""


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A client that can be put to the probes."""

    make: MakeClient
    on_wire: bool = False
    """It lives outside of this process, where time is real."""
    blind: Mapping[str, str] = {}
    """Rules that say nothing of it, and why."""


def find(name: str, page: Page | None = None) -> Scored:
    """The client of these words, those of `offhook check` or of a policy. `page`: of a browser's.

    Raises `NoClientError`, `NoSuchPolicyError`, and `BrokenPolicyError` for a policy that does in
    a trial what none may. Raises `LinkError` where there is no program, or nothing plays pages.
    """
    if is_guest(name):
        return _guest(name, page)
    if page is not None:
        raise NoClientError(f"{name} is no page, and has no selectors.")
    if name.startswith(POLICY) or name in CATALOGUE:
        words = name.removeprefix(POLICY)
        policy = load(words)
        return Scored(
            make=lambda seed: PolicyDesk(policy, name=words, seed=seed), blind=dict(BLIND)
        )
    make = find_client(name)
    try:
        one = make(0)
    except NoClientError:
        raise
    except Exception as error:
        raise NoClientError(f"{name} made no client: {type(error).__name__}: {error}.") from error
    return Scored(make=make, on_wire=isinstance(one, RemoteClient | JavascriptDesk))


def _guest(name: str, page: Page | None) -> Scored:
    kind, _, rest = name.partition(":")
    if kind == "ws" and (not rest or rest.isdigit()):
        raise NoClientError(
            "A card needs several of a client at once: give its command, ws:COMMAND."
        )
    if kind == "browser":
        check_reins()  # Else each trouble would be told as one in which the page did not start.
    # Of these kinds nothing is held open between two clients.
    with guests(name, page) as found:
        return Scored(make=found.make, on_wire=True, blind=OUTSIDE)
