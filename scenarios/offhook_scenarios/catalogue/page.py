"""The page of the named sessions: docs/reference/sessions.md, held to the sessions by a test.

python -m offhook_scenarios.catalogue.page > docs/reference/sessions.md
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from offhook_scenarios.catalogue.named import Named, catalogue
from offhook_scenarios.catalogue.screen import play_named, said

DESKS = ("naive", "reference")

_HEAD = """\
# Named sessions

Each is a plan in a file of its own, `scenarios/offhook_scenarios/catalogue/NAME.json`,
after something that people met in public.

- `offhook play` lists them;
- `offhook play NAME` plays one in virtual time, and tells it moment by moment;
- `offhook play --all --client my_package:make_desk` puts your client through all.

The *incident* is where people met such trouble, often with other products: it says that the
trouble is real, not that it was the platform's. What is played is our telling of it.
The *evidence* says how we know that the platform makes such trouble.
*Naive* does what the tutorial's code does, *reference* is `offhook_client`; told is what their
screens said until the trouble was over. The reference client holds all invariants in each of
them, in the epilogue too; the naive desk in none.
Those marked * are told by `offhook demo` as well, whose twelfth, the second tab, is no plan: in
a plan each user has one client.

This page is made by `python -m offhook_scenarios.catalogue.page`, and held by a test.
"""


def page() -> str:
    """All of it. Plays every session with both desks."""
    names = [_row(named) for named in catalogue().values()]
    table = [
        "| session | incident | evidence | naive | reference |",
        "|---|---|---|---|---|",
        *names,
    ]
    sections = [line for named in catalogue().values() for line in _section(named)]
    return "\n".join([_HEAD, *table, "", *sections])


def _row(named: Named) -> str:
    cells = [
        f"[{named.name}](#{named.name}){'*' if named.demo else ''}",
        f"[{_where(named.incident)}]({named.incident})",
        named.evidence.value,
        *("; ".join(said(play_named(named, desk))) for desk in DESKS),
    ]
    return f"| {' | '.join(cells)} |"


def _section(named: Named) -> Iterator[str]:
    yield f"## {named.name}\n"
    yield f"*{named.title[0].upper()}{named.title[1:]}.*"
    yield named.story
    yield f"What must be: {named.must[0].lower()}{named.must[1:]}\n"


def _where(address: str) -> str:
    """A short name: `owner/name#7`, or the host of a forum."""
    parts = urlsplit(address)
    words = parts.path.strip("/").split("/")
    if parts.hostname == "github.com":
        return f"{words[0]}/{words[1]}#{words[3]}"
    return str(parts.hostname)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - its output is the page.
