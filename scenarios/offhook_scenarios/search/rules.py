"""The ten rules that make mute converge, and what it is to search without one of them.

What each says, and what breaks without it, is told in `docs/explanation/convergent-client.md`.
"""

from difflib import get_close_matches

import msgspec

from offhook.domain.errors import OffhookError
from offhook_client.state import Rules, Setup
from offhook_scenarios.search.behind import Options, ServerRules
from offhook_scenarios.search.desks import UNTIRING


class RuleError(OffhookError):
    """There is no such rule."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One of the ten."""

    number: int
    name: str
    """Of the field that takes it away, in the client's `Rules` or in `ServerRules`."""
    words: str


RULES: tuple[Rule, ...] = (
    Rule(
        number=1,
        name="snapshot_after_subscribing",
        words="subscribe, then read the snapshot, and keep what comes meanwhile",
    ),
    Rule(
        number=2,
        name="order_by_version",
        words="pass over what is not newer; claim nothing while the link is down",
    ),
    Rule(
        number=3,
        name="hold_external",
        words="while a person's wish is pending, others' wishes wait for versions to decide",
    ),
    Rule(
        number=4,
        name="refuse_stale_intents",
        words="the server refuses a number that is not newer than the last it accepted",
    ),
    Rule(
        number=5,
        name="always_send",
        words="a person's wish is sent even when it seems to change nothing",
    ),
    Rule(
        number=6,
        name="heed_last_intent",
        words="a snapshot tells what was last asked for, apart from what is in effect",
    ),
    Rule(
        number=7,
        name="match_generation",
        words="an acknowledgement is known by its generation, never by its value",
    ),
    Rule(
        number=8,
        name="count_no_ops",
        words="the server counts a set that changes nothing, and records it as an intent",
    ),
    Rule(
        number=9,
        name="yield_reassertions",
        words="an automatic re-assertion holds nothing back",
    ),
    Rule(
        number=10,
        name="guard_reassertions",
        words="an automatic re-assertion is compare-and-set",
    ),
)


def find_rule(text: str) -> Rule:
    """A rule by its number or its name, hyphens for underscores. Raises `RuleError`."""
    name = text.replace("-", "_")
    for rule in RULES:
        if name in {str(rule.number), rule.name}:
            return rule
    names = [rule.name for rule in RULES]
    near = get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are 1 to 10: {', '.join(names)}."
    raise RuleError(f"There is no rule {text!r}. {hint}")


def without(rules: tuple[Rule, ...], options: Options = Options()) -> tuple[Setup, Options]:  # noqa: B008 - a frozen value.
    """Client and server with all ten rules but these."""
    names = {rule.name: False for rule in rules}
    of_client = {name: names[name] for name in Rules.__struct_fields__ if name in names}
    of_server = {name: names[name] for name in ServerRules.__struct_fields__ if name in names}
    setup = msgspec.structs.replace(UNTIRING, rules=Rules(**of_client))
    return setup, msgspec.structs.replace(options, rules=ServerRules(**of_server))
