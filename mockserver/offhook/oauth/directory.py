"""What the authorization server must know of users. The domain's users fulfil it."""

from typing import Protocol

from offhook.domain.views import UserView


class Directory(Protocol):
    """The users of an org, as a login sees them."""

    def find(self, name: str) -> UserView | None:
        """The user of that id, username or email."""

    def check_password(self, user_id: str, password: str) -> bool:
        """Whether it is this user's password."""

    def default(self) -> UserView:
        """Who logs in when nobody says who."""
