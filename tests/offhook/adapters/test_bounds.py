"""Limits of the listener have names; tests/hostile tries each, and the page that tells them."""

from offhook.adapters import bounds


def test_every_bound_is_a_positive_number() -> None:
    found = {name: value for name, value in vars(bounds).items() if name.isupper()}
    assert len(found) == 7
    assert all(value > 0 for value in found.values())
