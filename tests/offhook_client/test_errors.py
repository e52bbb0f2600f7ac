"""The tree of errors, and what each carries."""

import inspect

import pytest

from offhook_client import errors


def test_everything_raised_on_purpose_is_a_client_error() -> None:
    classes = [one for _, one in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(one, errors.ClientError) for one in classes)


def test_the_drawn_tree_names_every_error() -> None:
    assert errors.__doc__ is not None
    for name, _ in inspect.getmembers(errors, inspect.isclass):
        assert f"`{name}`" in errors.__doc__


@pytest.mark.parametrize("kind", [errors.ForcedError, errors.LoginRefusedError])
def test_special_refusals_are_refusals(kind: type[errors.RefusedError]) -> None:
    error = kind(403, "forced", "Locked.", "abc")
    assert isinstance(error, errors.RefusedError)
    assert str(error) == "403 forced: Locked. (correlation id abc)"


def test_too_late_says_when_it_makes_sense_again() -> None:
    error = errors.TooLateError("Wait.", retry_in_s=400.0)
    assert error.retry_in_s == 400.0
    assert isinstance(error, errors.UnreachableError)
