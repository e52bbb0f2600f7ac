"""A link that cannot be had is the surroundings' fault, so a command exits with 3."""

from offhook.server import SurroundingsError
from offhook_scenarios.adapters.link import LinkError


def test_a_missing_link_is_no_finding() -> None:
    assert issubclass(LinkError, SurroundingsError)
