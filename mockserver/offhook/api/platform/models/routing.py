"""Messages about queues and wrap-up codes (wire contract §6)."""

from msgspec import UNSET, UnsetType

from offhook.api.platform.models.conversations import PageInteger, Stamp
from offhook.api.platform.models.users import Division
from offhook.api.schemas import Message


class Queue(Message, frozen=True, kw_only=True):
    """A queue."""

    id: str
    name: str
    division: Division
    description: str
    member_count: PageInteger
    user_member_count: PageInteger
    joined_member_count: PageInteger
    self_uri: str


class UserQueue(Queue, frozen=True, kw_only=True):
    """A queue as one of its members sees it."""

    joined: bool


class UserQueueRequest(Message, frozen=True, kw_only=True):
    """Whether the user is to receive from the queue."""

    joined: bool


class QueueEntityListing(Message, frozen=True, kw_only=True):
    """The queues of the org."""

    entities: tuple[Queue, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class UserQueueEntityListing(Message, frozen=True, kw_only=True):
    """The queues of a user."""

    entities: tuple[UserQueue, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class WrapupCode(Message, frozen=True, kw_only=True):
    """A code with which a conversation may be summed up."""

    id: str
    name: str
    self_uri: str


class WrapupCodeEntityListing(Message, frozen=True, kw_only=True):
    """Wrap-up codes."""

    entities: tuple[WrapupCode, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class AssignedWrapupCode(Message, frozen=True, kw_only=True):
    """How a participant summed a conversation up; without a code when it did not yet."""

    code: str | UnsetType = UNSET
    notes: str | UnsetType = UNSET
    end_time: Stamp | UnsetType = UNSET
