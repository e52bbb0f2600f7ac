"""Users by any of their names."""

import pytest

from offhook.control.users import user_named
from offhook.domain.errors import DomainError
from offhook.tenancy import Tenancy


def test_a_user_is_found_by_id_username_and_email(tenancy: Tenancy) -> None:
    agent = tenancy.org.users()[0]
    for name in (agent.id, agent.username, agent.email):
        assert user_named(tenancy.org, name) == agent


def test_an_unknown_user_is_answered_by_who_exists(tenancy: Tenancy) -> None:
    with pytest.raises(DomainError, match="agent, second, supervisor") as refused:
        user_named(tenancy.org, "nobody")
    assert refused.value.status == 404
