"""What a grant is given, and how it gives out tokens."""

import msgspec

from offhook.oauth.directory import Directory
from offhook.oauth.inputs import Issued
from offhook.oauth.ledger import Family, Ledger
from offhook.oauth.parameters import Parameters
from offhook.policies import Policies
from offhook.settings import ClientSettings, Grant


class GrantCall(msgspec.Struct, frozen=True, kw_only=True):
    """A request whose client is known already, and everything a grant may look at."""

    client: ClientSettings
    parameters: Parameters
    ledger: Ledger
    users: Directory
    policies: Policies
    now: float

    def issue(
        self,
        family: Family,
        *,
        scopes: frozenset[str] | None = None,
        refresh_secret: str | None = None,
        warning: str | None = None,
    ) -> Issued:
        """Give out an access token of the family; `scopes` None means all of the family's."""
        token, secret = self.ledger.add_access(family, scopes=scopes, now=self.now)
        return Issued(
            token=token,
            secret=secret,
            expires_in=int(self.policies.access_token_ttl_s),
            refresh_secret=refresh_secret,
            warning=warning,
        )

    def issue_refreshable(self, family: Family, *, warning: str | None = None) -> Issued:
        """Give out an access token and, to a client that can use one, a refresh token.

        A confidential client always gets one: the platform's Python SDK fails with a
        `KeyError` when the answer of its code grant has none (wire contract §3).
        """
        useful = self.client.secret is not None or Grant.REFRESH_TOKEN in self.client.grants
        refresh = self.ledger.add_refresh(family, now=self.now) if useful else None
        return self.issue(
            family, refresh_secret=None if refresh is None else refresh.secret, warning=warning
        )
