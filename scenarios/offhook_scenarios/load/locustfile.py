"""What a stock Locust master is given: the name of our users, and where our own counts go.

Only Locust loads this file, in its own process: importing it anywhere else would make that
process gevent's.
"""

import json
import os
from pathlib import Path
from typing import Any

from locust import User, events, task
from locust.runners import MasterRunner

REPORT = "offhook"
"""The type of the workers' own message: `offhook_scenarios.load.worker.REPORT`."""
counts: dict[str, Any] = {}


class OffhookUser(User):  # type: ignore[misc]  # - Locust is not there when types are checked.
    """Lives in the workers. The master only counts how many there are."""

    @task  # type: ignore[untyped-decorator]  # - as above.
    def mute(self) -> None:
        """Done by `offhook_scenarios.load.user.User`."""


@events.init.add_listener  # type: ignore[untyped-decorator]  # - as above.
def listen(environment: Any, **_more: object) -> None:
    """Take in what the workers send beside Locust's own statistics."""
    if isinstance(environment.runner, MasterRunner):
        environment.runner.register_message(REPORT, take)


def take(msg: Any, **_more: object) -> None:
    """Add one worker's counts."""
    for name, value in msg.data.items():
        if isinstance(value, dict):
            known = counts.setdefault(name, {})
            for key, count in value.items():
                known[key] = known.get(key, 0) + count
        else:
            counts[name] = counts.get(name, 0) + value


@events.quitting.add_listener  # type: ignore[untyped-decorator]  # - as above.
def write(environment: Any, **_more: object) -> None:
    """Write both counts where `offhook load` reads them."""
    path = os.environ.get("OFFHOOK_LOAD_REPORT")
    if path:
        total = environment.stats.total
        merged = {"requests": total.num_requests, "failures": total.num_failures}
        Path(path).write_text(json.dumps({"locust": merged, "offhook": counts}), encoding="utf-8")
