"""What a judge finds in a test, as an error that carries it.

Reports read `offhook_findings` of whatever error failed a test, so a judge of your own may carry
one too.
"""

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant that did not hold."""

    invariant: str
    """Its number: `I2`, shown muted and heard, or `I3`, shown live and not heard, above all."""
    words: str


class UntruthError(AssertionError):
    """A screen did not tell the truth: in words for people, as `offhook_findings` for reports."""

    def __init__(self, message: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(message)
        self.offhook_findings = findings


def findings_of(error: BaseException | None) -> tuple[Finding, ...]:
    """What an error carries; also from within a group, and behind `raise … from …`."""
    if error is None:
        return ()
    found: tuple[Finding, ...] = getattr(error, "offhook_findings", ())
    if not found and isinstance(error, BaseExceptionGroup):
        found = tuple(each for inner in error.exceptions for each in findings_of(inner))
    return found or findings_of(error.__cause__)
