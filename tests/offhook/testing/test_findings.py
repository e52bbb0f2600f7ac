"""What an error carries, wherever in a chain or a group it stands."""

from offhook.testing.findings import Finding, UntruthError, findings_of

FOUND = (Finding(invariant="I2", words="shown muted, and heard"),)


def test_an_error_that_carries_nothing_has_none() -> None:
    assert findings_of(None) == ()
    assert findings_of(AssertionError("a plain one")) == ()


def test_an_error_of_ours_is_an_assertion_that_carries_them() -> None:
    error = UntruthError("for people", FOUND)
    assert isinstance(error, AssertionError)
    assert str(error) == "for people"
    assert findings_of(error) == FOUND


def test_they_are_found_in_groups_and_behind_a_cause() -> None:
    inner = UntruthError("inside", FOUND)
    group = ExceptionGroup("tasks", [ValueError("another"), ExceptionGroup("more", [inner])])
    outer = RuntimeError("outside")
    outer.__cause__ = group
    assert findings_of(outer) == FOUND


def test_a_judge_of_ones_own_may_carry_them_too() -> None:
    error = AssertionError("mine")
    error.offhook_findings = FOUND  # type: ignore[attr-defined]  # - as a user's judge does.
    assert findings_of(error) == FOUND
