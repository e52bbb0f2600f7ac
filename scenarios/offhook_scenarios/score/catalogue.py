"""The table of all rules. The documentation is made of it, and tests walk it."""

from offhook_scenarios.score import request_rules, told_rules, wait_rules
from offhook_scenarios.score.rule import Rule

RULES: dict[str, Rule] = {
    rule.id: rule for rule in (*told_rules.RULES, *wait_rules.RULES, *request_rules.RULES)
}
"""Id → rule, in the order of the card."""


def find_rule(name: str) -> Rule | None:
    """A rule by its id or its name, in any case."""
    wanted = name.lower()
    return next((rule for rule in RULES.values() if wanted in {rule.id.lower(), rule.name}), None)


def page() -> str:
    """The reference of the rules as Markdown: `docs/reference/backoff-rules.md`."""
    rows = "\n".join(
        f"| `{rule.id}` | {rule.name} | {rule.asks} | {rule.reason} | {rule.reference} "
        f"| {rule.weight.name.lower()} |"
        for rule in RULES.values()
    )
    return f"{_HEAD}{rows}\n{_TAIL}"


_HEAD = """# Rules of the backoff report card

What `offhook score` judges a client by. Made from the table of the rules; a test keeps it so.

| id | name | what it asks | why | reference | weight |
|---|---|---|---|---|---|
"""
_TAIL = """
## The grade

A rule that was kept gives its weight: must 3, should 2, nice 1.
What was not exercised is *not judged*, and counts neither way.
The share of the weight that was kept is A from 90 %, B from 80 %, C from 65 %, D from 50 %, else F.
With a *must* broken there is nothing better than C.
A client that does not start, breaks or floods gets F.

Numbers in the rules are ours where the reference gives none: twenty requests a minute, half again
as long, a tenth of the mean. They are generous; whoever breaks them breaks them by far.
"""
