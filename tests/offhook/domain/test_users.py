"""The directory: who is who, and what control may change."""

import pytest

from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.inputs import SetUserState
from offhook.domain.users import Users
from offhook.settings import DEFAULT, OrgSettings, UserSettings

ANN = UserSettings(username="ann", password="påssword", email="ann@example.com", name="Ann")


def users_of(*users: UserSettings, default: str | None = None) -> Users:
    settings = OrgSettings(users=users, clients=(), default_user=default)
    return Users(settings, entropy=Entropy(1))


@pytest.fixture
def users() -> Users:
    return users_of(ANN, UserSettings(username="bob", password="b", id="bob-id"))


@pytest.mark.parametrize("name", ["ann", "ann@example.com"])
def test_a_user_is_found_by_each_name(users: Users, name: str) -> None:
    found = users.find(name)
    assert found is not None
    assert found.username == "ann"
    assert users.find(found.id) == users.get(found.id) == found


@pytest.mark.parametrize("name", ["", "Ann", "nobody"])
def test_other_names_are_nobodys(users: Users, name: str) -> None:
    assert users.find(name) is None


def test_an_id_is_kept_or_drawn_from_the_seed(users: Users) -> None:
    assert users.all()[1].id == "bob-id"
    assert users.all()[0].id == users_of(ANN).all()[0].id


def test_a_user_without_a_name_is_called_by_the_username(users: Users) -> None:
    assert [each.name for each in users.all()] == ["Ann", "bob"]


@pytest.mark.parametrize(
    ("name", "password", "expected"),
    [("ann", "påssword", True), ("ann", "password", False), ("ann", "", False)],
)
def test_a_password_is_checked(users: Users, name: str, password: str, *, expected: bool) -> None:
    user = users.find(name)
    assert user is not None
    assert users.check_password(user.id, password) is expected


@pytest.mark.parametrize("password", ["", "b"])
def test_an_unknown_user_has_no_password(users: Users, password: str) -> None:
    assert not users.check_password("unknown", password)


def test_the_default_user_is_the_first_or_the_one_named(users: Users) -> None:
    assert users.default().username == "ann"
    bob = UserSettings(username="bob", password="b")
    assert users_of(ANN, bob, default="bob").default().username == "bob"


@pytest.mark.parametrize(
    "twin",
    [
        UserSettings(username="ann", password="x"),
        UserSettings(username="x", password="x", email="ann@example.com"),
        UserSettings(username="x", password="x", id="ann"),
        UserSettings(username="ann@example.com", password="x"),
    ],
)
def test_names_are_unique(twin: UserSettings) -> None:
    with pytest.raises(DomainError, match="Two users are called 'ann"):
        users_of(ANN, twin)


def test_a_user_may_use_one_name_twice() -> None:
    same = UserSettings(username="a@example.com", email="a@example.com", password="x")
    assert users_of(same).find("a@example.com") is not None


def test_an_org_needs_a_user() -> None:
    with pytest.raises(DomainError, match="at least one user"):
        users_of()


def test_the_default_user_must_exist() -> None:
    with pytest.raises(DomainError, match="default_user is 'eve'"):
        users_of(ANN, default="eve")


def test_none_leaves_a_state_as_it_is(users: Users) -> None:
    ann = users.all()[0]
    after = users.set_state(SetUserState(user_id=ann.id, conflict=True))
    assert (after.conflict, after.blocked, after.licences) == (True, False, ann.licences)
    after = users.set_state(SetUserState(user_id=ann.id, blocked=True, licences=frozenset()))
    assert (after.conflict, after.blocked, after.licences) == (True, True, frozenset())
    after = users.set_state(SetUserState(user_id=ann.id, permissions=frozenset({"p"})))
    assert after.permissions == {"p"}
    assert users.get(ann.id) == users.find("ann") == after


def test_an_unknown_user_has_no_state(users: Users) -> None:
    with pytest.raises(DomainError, match="There is no user 'eve'"):
        users.set_state(SetUserState(user_id="eve", conflict=True))


def test_the_default_org_has_its_three_users() -> None:
    users = Users(DEFAULT, entropy=Entropy(1))
    assert [each.username for each in users.all()] == ["agent", "second", "supervisor"]
    for each in users.all():
        assert users.check_password(each.id, f"{each.username}-password")
