"""Families of tokens, their ends and how they are forgotten."""

import pytest

from offhook.domain.entropy import Entropy
from offhook.oauth.ledger import RETENTION_S, Family, Ledger
from offhook.oauth.tokens import RevokedBecause, TokenEnded, TokenStatus
from offhook.policies import Policies

POLICIES = Policies(access_token_ttl_s=100.0, refresh_token_ttl_s=500.0, code_ttl_s=60.0)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(policies=lambda: POLICIES, entropy=Entropy(3))


def opened(ledger: Ledger) -> Family:
    return ledger.open_family(client_id="c", user_id="u", scopes=frozenset({"a"}))


def test_what_is_given_out_is_found_by_its_secret_alone(ledger: Ledger) -> None:
    family = opened(ledger)
    token, secret = ledger.add_access(family, now=0.0)
    assert ledger.access(secret) == ledger.access_by_id(token.id) == token
    assert ledger.access(token.id) is None
    assert ledger.access_by_id(secret) is None
    refresh = ledger.add_refresh(family, now=0.0)
    assert ledger.refresh(refresh.secret) == refresh
    assert ledger.refresh(refresh.id) is None
    assert ledger.family(family.id) == family


def test_each_kind_of_secret_is_known_as_one(ledger: Ledger) -> None:
    family = opened(ledger)
    code = ledger.add_code(
        family, redirect_uri="http://127.0.0.1", redirect_named=True, challenge=None, now=0.0
    )
    token, access = ledger.add_access(family, now=0.0)
    for secret in (code, access, ledger.add_refresh(family, now=0.0).secret):
        assert ledger.knows(secret)
    assert not ledger.knows(token.id)


def test_ends_are_told_once_and_in_order(ledger: Ledger) -> None:
    family = opened(ledger)
    late, _ = ledger.add_access(family, now=0.0, ttl_s=20.0)
    early, _ = ledger.add_access(family, now=0.0, ttl_s=10.0)
    assert ledger.next_deadline() == 10.0
    ledger.handle_timer(now=9.999)
    assert ledger.take_ended() == []
    ledger.handle_timer(now=20.0)
    assert ledger.take_ended() == [
        TokenEnded(token_id=early.id, why=TokenStatus.EXPIRED),
        TokenEnded(token_id=late.id, why=TokenStatus.EXPIRED),
    ]
    assert ledger.take_ended() == []
    assert ledger.next_deadline() is None


def test_a_token_that_was_revoked_or_expired_by_hand_has_no_deadline_left(ledger: Ledger) -> None:
    family = opened(ledger)
    revoked, _ = ledger.add_access(family, now=0.0)
    expired, _ = ledger.add_access(family, now=0.0)
    for _ in range(2):
        ledger.revoke_access(revoked.id, RevokedBecause.CLIENT)
        ledger.expire_access(expired.id, now=1.0)
        ledger.expire_access(revoked.id, now=1.0)
    assert ledger.take_ended() == [
        TokenEnded(token_id=revoked.id, why=TokenStatus.REVOKED),
        TokenEnded(token_id=expired.id, why=TokenStatus.EXPIRED),
    ]
    assert ledger.next_deadline() is None
    assert [token.status(now=1.0) for token in ledger.all_access()] == [
        TokenStatus.REVOKED,
        TokenStatus.EXPIRED,
    ]


def test_a_family_is_revoked_as_a_whole_and_keeps_the_first_reason(ledger: Ledger) -> None:
    family, other = opened(ledger), opened(ledger)
    tokens = [ledger.add_access(family, now=0.0)[0] for _ in range(3)]
    stranger, _ = ledger.add_access(other, now=0.0)
    refresh = ledger.add_refresh(family, now=0.0)
    ledger.revoke_family(family.id, RevokedBecause.CODE_REUSE)
    ledger.revoke_family(family.id, RevokedBecause.CLIENT)
    assert [end.token_id for end in ledger.take_ended()] == [token.id for token in tokens]
    assert ledger.family(family.id).revoked_because is RevokedBecause.CODE_REUSE
    assert ledger.refresh_status(refresh, now=0.0) is TokenStatus.REVOKED
    assert ledger.access_by_id(stranger.id) == stranger


def test_everything_of_a_user_is_revoked_and_nothing_of_another(ledger: Ledger) -> None:
    families = [opened(ledger), opened(ledger)]
    other = ledger.open_family(client_id="c", user_id="v", scopes=frozenset())
    own = [ledger.add_access(family, now=0.0)[0] for family in families]
    refresh = ledger.add_refresh(families[0], now=0.0)
    foreign, _ = ledger.add_access(other, now=0.0)
    ledger.revoke_user("u", RevokedBecause.DELETED)
    assert [ended.token_id for ended in ledger.take_ended()] == [each.id for each in own]
    assert ledger.refresh_status(refresh, now=0.0) is TokenStatus.REVOKED
    kept = ledger.access_by_id(foreign.id)
    assert kept is not None
    assert kept.status(now=0.0) is TokenStatus.ACTIVE


def test_a_refresh_token_is_good_until_it_is_replaced_or_expires(ledger: Ledger) -> None:
    refresh = ledger.add_refresh(opened(ledger), now=0.0)
    assert ledger.refresh_status(refresh, now=499.0) is TokenStatus.ACTIVE
    assert ledger.refresh_status(refresh, now=500.0) is TokenStatus.EXPIRED
    successor = ledger.replace_refresh(refresh, now=10.0)
    replaced = ledger.refresh(refresh.secret)
    assert replaced is not None
    assert replaced.successor == successor.secret
    assert ledger.refresh_status(replaced, now=10.0) is TokenStatus.REVOKED
    assert ledger.refresh_status(successor, now=509.0) is TokenStatus.ACTIVE
    with pytest.raises(AssertionError, match="only a live refresh token"):
        ledger.replace_refresh(replaced, now=11.0)


def test_a_code_remembers_that_it_was_used(ledger: Ledger) -> None:
    secret = ledger.add_code(
        opened(ledger), redirect_uri="http://x/", redirect_named=True, challenge=None, now=0.0
    )
    code = ledger.code(secret)
    assert code is not None
    assert (code.used, code.expires_at) == (False, 60.0)
    ledger.use_code(secret)
    used = ledger.code(secret)
    assert used is not None
    assert used.used


def test_everything_is_forgotten_a_day_after_its_expiry(ledger: Ledger) -> None:
    family = opened(ledger)
    code = ledger.add_code(
        family, redirect_uri="http://x/", redirect_named=True, challenge=None, now=0.0
    )
    token, access = ledger.add_access(family, now=0.0)
    refresh = ledger.add_refresh(family, now=0.0)
    ledger.handle_timer(now=60.0 + RETENTION_S)
    assert ledger.code(code) is None
    assert ledger.access(access) is not None
    ledger.handle_timer(now=100.0 + RETENTION_S)
    assert ledger.access(access) is None
    assert ledger.access_by_id(token.id) is None
    assert ledger.family(family.id) == family
    ledger.handle_timer(now=500.0 + RETENTION_S)
    assert ledger.refresh(refresh.secret) is None
    with pytest.raises(KeyError):
        ledger.family(family.id)
    assert all(not size for size in sizes(ledger).values()), sizes(ledger)


def sizes(ledger: Ledger) -> dict[str, int]:
    """How much each container of the ledger holds, but for the ends not yet taken."""
    return {
        name: len(value)
        for name, value in vars(ledger).items()
        if isinstance(value, dict | list | set) and name != "_ended"
    }


def test_a_long_life_of_short_tokens_takes_bounded_memory(ledger: Ledger) -> None:
    most = 0
    for day in range(20):
        now = day * RETENTION_S
        ledger.handle_timer(now=now)
        for _ in range(50):
            ledger.add_access(opened(ledger), now=now, ttl_s=1.0)
        ledger.take_ended()
        most = max(most, *sizes(ledger).values())
    assert most <= 100
