"""A session that broke as a test file: plain pytest, red as long as it breaks, then green."""

import re
from collections.abc import Sequence

import msgspec

from offhook_scenarios.check.causes import RULES
from offhook_scenarios.plan.judgement import Invariant
from offhook_scenarios.plan.plan import Plan, written


def pytest_file(invariant: Invariant, plan: Plan, client: str, lines: Sequence[str]) -> str:
    """The file. `lines` tell what happens in the session."""
    rule = RULES[invariant.value]
    name = re.sub(r"\W+", "_", rule.lower()).strip("_")
    told = "\n".join(_quoted(line).rstrip() for line in lines)
    document = _quoted(msgspec.json.format(written(plan)).decode())
    return f'''"""{invariant.value}: {rule}

{told}

Found by `offhook check`. Needs no more than pytest and offhook.
"""

from offhook_scenarios import assert_holds

CLIENT = {client!r}
PLAN = """
{document}
"""


def test_{name}() -> None:
    assert_holds(PLAN, CLIENT)
'''


def _quoted(text: str) -> str:
    """As it must stand between three quotes."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
