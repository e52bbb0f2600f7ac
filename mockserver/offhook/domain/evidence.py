"""How we know what we imitate."""

from enum import StrEnum


class Evidence(StrEnum):
    """The classes of evidence, strongest first. Findings that rest on `ASSUMED` are advisory."""

    OBSERVED = "observed"
    """An official SDK, or the platform's own words on the wire."""
    DOCUMENTED = "documented"
    """The platform's public documentation."""
    TUTORIAL = "tutorial"
    """The tutorial says so."""
    ASSUMED = "assumed"
    """Nobody says so; a choice of ours."""
