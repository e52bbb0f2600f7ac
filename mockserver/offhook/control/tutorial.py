"""The tutorial's names for JavaScript, as a module that browsers import from the mock."""

from importlib.resources import files

from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import row

MODULE = files("offhook.control").joinpath("tutorial.mjs").read_bytes()
"""Read once, when the mock is loaded: what is served is part of the code."""


def _get(_call: Call) -> Response:
    headers = (("Content-Type", "text/javascript; charset=utf-8"),)
    return Response(status=200, headers=headers, body=MODULE)


OPERATIONS = (
    row(
        "getTutorialModule",
        "GET",
        "/tutorial.mjs",
        "An ES module that bears the tutorial's names",
        _get,
        outcomes={200: Outcome(meaning="JavaScript.", media=("text/javascript",))},
    ),
)
