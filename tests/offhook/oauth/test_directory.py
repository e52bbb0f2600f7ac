"""What the authorization server asks of the users."""

from offhook.domain.entropy import Entropy
from offhook.domain.users import Users
from offhook.oauth.directory import Directory
from offhook.settings import DEFAULT


def test_the_users_of_the_domain_are_a_directory() -> None:
    directory: Directory = Users(DEFAULT, entropy=Entropy(1))
    agent = directory.default()
    assert agent.username == "agent"
    for name in (agent.id, agent.username, agent.email):
        assert directory.find(name) == agent
    assert directory.find("nobody") is None
    assert directory.check_password(agent.id, "agent-password")
    assert not directory.check_password(agent.id, "second-password")
