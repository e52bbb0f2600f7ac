"""What the server saw, filtered, and what it had to forget."""

import msgspec

from offhook.api.answer import json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome, Param
from offhook.api.schemas import MAX_INTEGER
from offhook.control.rows import row
from offhook.journal import KINDS, Dropped, Entry

MAX_ENTRIES = 10_000
"""The most entries of one answer; `after` reads on."""

DEFAULT_ENTRIES = 1_000


class JournalBody(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, oldest first. `dropped` tells what the bound on the journal has cost so far."""

    entries: tuple[Entry, ...]
    dropped: Dropped


def _get(call: Call) -> Response:
    journal, query = call.tenancy.org.journal, call.query
    entries = journal.entries(
        kind=query.get("kind"),
        operation=query.get("operation"),
        client_id=query.get("clientId"),
        after=int(query.get("after", 0)),
        limit=int(query.get("limit", DEFAULT_ENTRIES)),
    )
    return json_answer(200, JournalBody(entries=entries, dropped=journal.dropped))


def _filter(name: str, meaning: str, **schema: object) -> Param:
    return Param(name=name, where="query", schema=schema, meaning=meaning)


OPERATIONS = (
    row(
        "getJournal",
        "GET",
        "/journal",
        "Read what the server saw",
        _get,
        params=(
            _filter("kind", "Only entries of this kind.", type="string", enum=sorted(KINDS)),
            _filter("operation", "Only entries of this operation id.", type="string"),
            _filter("clientId", "Only entries of this device.", type="string"),
            _filter(
                "after",
                "Only entries whose `seq` is greater.",
                type="integer",
                minimum=0,
                maximum=MAX_INTEGER,
            ),
            _filter(
                "limit",
                "At most so many, the oldest ones.",
                type="integer",
                minimum=1,
                maximum=MAX_ENTRIES,
                default=DEFAULT_ENTRIES,
            ),
        ),
        outcomes={200: Outcome(meaning="The entries.", body=JournalBody)},
    ),
)
