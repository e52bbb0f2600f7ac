"""Messages about the org and about tokens (wire contract §3, §6)."""

import msgspec

from offhook.api.schemas import Message


class Organization(Message, frozen=True, kw_only=True):
    """The org of the token."""

    id: str
    name: str
    default_language: str = "en_US"
    default_country_code: str = "US"
    third_party_org_name: str
    domain: str
    version: int = 1
    state: str = "active"
    voicemail_enabled: bool = False
    product_platform: str = "GenesysCloud"
    self_uri: str = "/api/v2/organizations/me"


class NamedEntity(Message, frozen=True, kw_only=True):
    """Something, by id and name."""

    id: str
    name: str


class OrgOAuthClient(Message, frozen=True, kw_only=True):
    """The OAuth client of a token."""

    id: str
    name: str
    organization: NamedEntity


class TokenInfo(Message, frozen=True, kw_only=True):
    """What a token stands for."""

    organization: NamedEntity
    home_organization: NamedEntity
    authorized_scope: tuple[str, ...]
    o_auth_client: OrgOAuthClient = msgspec.field(name="OAuthClient")
