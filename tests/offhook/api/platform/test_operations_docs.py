"""The page of the platform dialect says what the tables say. A failure prints the rows to copy."""

import re
from pathlib import Path

import msgspec
from msgspec import UnsetType

from offhook.api.operation import Operation
from offhook.api.platform.models.users import UserMe
from offhook.api.platform.operations import OPERATIONS
from offhook.api.platform.topics import BODIES
from offhook.domain.directory_inputs import DefinitionView, RoutingStatus
from offhook.domain.presence import DEFINITIONS, WISHES
from offhook.domain.topics import OF_USER, TopicKind
from offhook.policies import Policies

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "platform-dialect.md").read_text(
    encoding="utf-8"
)
NOTHING = "\N{EN DASH}"
OK = range(200, 300)


def section(title: str) -> list[str]:
    """The rows of the table in a section, without its head."""
    _, _, rest = PAGE.partition(f"\n## {title}\n")
    assert rest, f"the page has no section {title!r}"
    lines = rest.partition("\n## ")[0].splitlines()
    return [line for line in lines if line.startswith("| `")]


def name_of(body: object) -> str:
    """The name of a message; `[Name]` for a bare array of them."""
    if isinstance(body, type) and issubclass(body, msgspec.Struct):
        return body.__name__
    (item, *_) = getattr(body, "__args__", (None,))
    assert isinstance(item, type), body
    return f"[{item.__name__}]"


def operation_row(row: Operation) -> str:
    answers = []
    for status, outcome in sorted(row.outcomes.items()):
        shown = outcome.body is not None and status in OK
        answers.append(f"{status} `{name_of(outcome.body)}`" if shown else str(status))
    return (
        f"| `{row.id}` | `{row.method} {row.path}` | {' · '.join(answers)} | {row.evidence.value} |"
    )


def topic_row(suffix: str, kind: TopicKind) -> str:
    bodies = [view.__name__ for view, known in BODIES if known == suffix]
    assert bool(bodies) is kind.spoken
    spoken = "yes" if kind.spoken else "silent"
    return f"| `{suffix}` | {kind.meaning} | {spoken} | {kind.evidence.value} |"


def definition_row(view: DefinitionView) -> str:
    return f"| `{view.id}` | {view.name} |"


def wishes_row(before: RoutingStatus) -> str:
    after = [f"`{wish}`" for wish in RoutingStatus if (before, wish) in WISHES if wish != before]
    return f"| `{before}` | {' '.join(after) or NOTHING} |"


def test_the_page_has_every_operation() -> None:
    assert section("Operations") == [operation_row(row) for row in OPERATIONS]


def test_the_page_has_every_topic() -> None:
    assert section("Topics") == [topic_row(*each) for each in OF_USER.items()]


def test_the_page_has_every_presence() -> None:
    assert section("Presence") == [definition_row(view) for view in DEFINITIONS]


def test_the_page_has_every_wish_for_a_routing_status() -> None:
    assert section("Routing status") == [wishes_row(status) for status in RoutingStatus]


def test_every_policy_that_the_page_names_is_there() -> None:
    named = re.findall(r"polic(?:y|ies) ((?:`\w+`(?:, | and )?)+)", PAGE)
    names = {name for each in named for name in re.findall(r"`(\w+)`", each)}
    assert len(names) > 10
    assert names <= {field.name for field in msgspec.structs.fields(Policies)}


def test_the_page_names_every_expansion_of_a_user() -> None:
    optional = {
        field.encode_name
        for field in msgspec.structs.fields(UserMe)
        if UnsetType in getattr(field.type, "__args__", ())
    }
    assert "presence" in optional
    assert {name for name in optional if f"`{name}`" in PAGE} == optional
