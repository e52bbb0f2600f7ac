"""The numbers of the invariants, and a finding as a value."""

import msgspec

from offhook_scenarios.oracles.finding import GRAVEST_FIRST, Finding, Invariant, gravity


def test_the_invariants_are_numbered_from_zero_without_a_gap() -> None:
    assert [each.value for each in Invariant] == [f"I{number}" for number in range(15)]


def test_a_finding_survives_json() -> None:
    finding = Finding(invariant=Invariant.I4, desk="desk 1", words="went back", at_s=1.5)
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding) == finding


def test_every_invariant_has_its_gravity_and_privacy_is_the_gravest() -> None:
    assert sorted(GRAVEST_FIRST) == sorted(Invariant)
    assert GRAVEST_FIRST[0] is Invariant.I2


def test_what_rests_on_an_assumption_comes_last() -> None:
    def finding(invariant: Invariant, at_s: float, *, advisory: bool = False) -> Finding:
        return Finding(invariant=invariant, desk="d", words="", at_s=at_s, advisory=advisory)

    in_order = [
        finding(Invariant.I2, 5),
        finding(Invariant.I3, 1),
        finding(Invariant.I3, 2),
        finding(Invariant.I2, 0, advisory=True),
    ]
    in_any_order = in_order[::-1]
    assert sorted(in_any_order, key=gravity) == in_order
