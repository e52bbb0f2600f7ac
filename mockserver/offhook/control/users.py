"""How control names users: by id, username or email."""

from offhook.domain.errors import DomainError
from offhook.domain.org import Org
from offhook.domain.views import UserView


def user_named(org: Org, name: str) -> UserView:
    """The user of that id, username or email. Raises `DomainError` (404) naming who exists."""
    user = org.find_user(name)
    if user is None:
        known = ", ".join(user.username for user in org.users())
        raise DomainError("not.found", f"There is no user {name!r}. Users: {known}.")
    return user
