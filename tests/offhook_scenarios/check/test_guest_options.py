"""What was typed for a guest."""

from offhook_scenarios.check.guest_options import GuestOptions


def test_only_what_was_typed_counts_as_given() -> None:
    assert GuestOptions().given == []
    assert GuestOptions(muted_when="#m", only=("x",)).given == ["--muted-when", "--only"]


def test_what_plays_the_client_once_more_is_all_but_which_session() -> None:
    options = GuestOptions(mute="#m", instead_of=("http://a", "http://b"), speed=5.0)
    again = ["--mute", "#m", "--instead-of", "http://a", "--instead-of", "http://b", "--speed", "5"]
    assert options.setup == again
    assert GuestOptions(only=("x",), conformance=True).setup == []
