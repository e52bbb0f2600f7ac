"""The card for programs."""

from collections import Counter
from typing import Any

from offhook_scenarios.score.card import Card, Row
from offhook_scenarios.score.seen import Seen


def document(card: Card) -> dict[str, Any]:
    """JSON-able values in camelCase. The same seed gives the same, but for clients on the wire."""
    return {
        "client": card.client,
        "grade": None if card.grade is None else card.grade.value,
        "unsound": card.unsound,
        "seed": card.seed,
        "onWire": card.on_wire,
        "rules": [_row(row) for row in card.rows],
        "probes": [_seen(seen) for seen in card.seen],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.rule.id,
        "name": row.rule.name,
        "weight": int(row.rule.weight),
        "verdict": row.judged.verdict.value,
        "evidence": row.judged.words,
        "asks": row.rule.asks,
        "reference": row.rule.reference,
    }


def _seen(seen: Seen) -> dict[str, Any]:
    """What arrived, told from when the trouble began."""
    return {
        "id": seen.probe,
        "clients": seen.clients,
        "lengthS": round(seen.ended - seen.began, 3),
        "broken": seen.broken,
        "statuses": dict(sorted(Counter(str(a.status) for a in seen.arrivals).items())),
        "arrivals": [
            {
                "atS": round(arrival.at - seen.began, 3),
                "client": arrival.client,
                "operation": arrival.operation,
                "status": arrival.status,
                "retryAfter": arrival.retry_after,
            }
            for arrival in seen.arrivals
        ],
    }
