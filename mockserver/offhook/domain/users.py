"""The people of an org: who they are, what they may do, what state they are in.

`Users` is what the authorization server calls its directory.
"""

import hmac

import msgspec

from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.inputs import SetUserState
from offhook.domain.views import UserView
from offhook.settings import OrgSettings, UserSettings


class Users:
    """All users of an org, in the order of its settings.

    Raises `DomainError` (400) when two users share a name, or the default user is none.
    """

    def __init__(self, settings: OrgSettings, *, entropy: Entropy) -> None:
        self._views: dict[str, UserView] = {}
        self._passwords: dict[str, bytes] = {}
        self._by_name: dict[str, str] = {}
        for user in settings.users:
            self._add(user, user.id or entropy.id("user"))
        self._default = self._find_default(settings)

    def _add(self, user: UserSettings, user_id: str) -> None:
        for name in {user_id, user.username, user.email} - {""}:
            if name in self._by_name:
                raise DomainError(
                    "invalid.value",
                    f"Two users are called {name!r}; ids, usernames and emails must differ.",
                )
            self._by_name[name] = user_id
        self._passwords[user_id] = user.password.encode()
        self._views[user_id] = UserView(
            id=user_id,
            name=user.name or user.username,
            username=user.username,
            email=user.email,
            licences=user.licences,
            permissions=user.permissions,
            conflict=False,
            blocked=False,
        )

    def _find_default(self, settings: OrgSettings) -> str:
        if not settings.users:
            raise DomainError("invalid.value", "An org needs at least one user; users is empty.")
        name = settings.default_user or settings.users[0].username
        if name not in self._by_name:
            raise DomainError(
                "invalid.value",
                f"default_user is {name!r}; it must be the id, username or email of a user.",
            )
        return self._by_name[name]

    def knows(self, user_id: str) -> bool:
        """Whether an id is a user's."""
        return user_id in self._views

    def get(self, user_id: str) -> UserView | None:
        """The user of that id, or None."""
        return self._views.get(user_id)

    def find(self, name: str) -> UserView | None:
        """The user of that id, username or email, or None."""
        return self._views.get(self._by_name.get(name, ""))

    def default(self) -> UserView:
        """Who logs in when nobody says who."""
        return self._views[self._default]

    def all(self) -> tuple[UserView, ...]:
        """Everybody."""
        return tuple(self._views.values())

    def check_password(self, user_id: str, password: str) -> bool:
        """Whether it is this user's password, in a time that does not depend on the answer."""
        known = self._passwords.get(user_id)
        same = hmac.compare_digest(password.encode(), known if known is not None else b"")
        return same and known is not None

    def need(self, user_id: str) -> UserView:
        """The user of that id. Raises `DomainError` (404)."""
        user = self._views.get(user_id)
        if user is None:
            raise DomainError("not.found", f"There is no user {user_id!r}.")
        return user

    def set_state(self, item: SetUserState) -> UserView:
        """Change what is not None. Raises `DomainError` (404)."""
        user = self.need(item.user_id)
        changes = {
            field: value
            for field in ("conflict", "blocked", "licences", "permissions")
            if (value := getattr(item, field)) is not None
        }
        self._views[user.id] = msgspec.structs.replace(user, **changes)
        return self._views[user.id]
