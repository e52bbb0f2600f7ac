"""Queues and wrap-up codes."""

import msgspec

from offhook.api.answer import json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome, Param
from offhook.api.platform.models.routing import (
    Queue,
    QueueEntityListing,
    UserQueue,
    UserQueueEntityListing,
    UserQueueRequest,
    WrapupCode,
    WrapupCodeEntityListing,
)
from offhook.api.platform.models.users import Division
from offhook.api.platform.pages import PAGE, page
from offhook.api.platform.rows import (
    ANOTHER_USER,
    NO_SUCH_USER,
    USER_ID,
    own_user_in_path,
    path_id,
    refused,
    row,
    user_in_path,
    user_of,
)
from offhook.domain.directory_inputs import JoinQueue, QueueView, WrapupCodeView
from offhook.domain.evidence import Evidence

_QUEUES = "/api/v2/routing/queues"
_OF_USER = "/api/v2/users/{userId}/queues"


def list_queues(call: Call) -> Answer:
    """Every queue of the org."""
    entities = [_queue(call, each) for each in call.tenancy.org.directory.queues()]
    return json_answer(200, page(call, QueueEntityListing, entities))


def get_queue(call: Call) -> Answer:
    """One queue."""
    return json_answer(200, _queue(call, call.tenancy.org.directory.queue(call.path["queueId"])))


def list_own_queues(call: Call) -> Answer:
    """The queues of the token's user."""
    return _queues_of(call, user_of(call))


def list_queues_of_user(call: Call) -> Answer:
    """The queues of a user."""
    return _queues_of(call, user_in_path(call).id)


def join_queue(call: Call) -> Answer:
    """Join a queue, or leave it for now."""
    user, queue_id = own_user_in_path(call), call.path["queueId"]
    wish = JoinQueue(user_id=user.id, queue_id=queue_id, joined=call.body.joined)
    call.tenancy.org.receive(wish, now=call.now)
    return json_answer(200, _user_queue(call, call.tenancy.org.directory.queue(queue_id), user.id))


def list_wrapup_codes(call: Call) -> Answer:
    """Every wrap-up code of the org."""
    return _codes(call, call.tenancy.org.directory.wrapup_codes)


def list_wrapup_codes_of_queue(call: Call) -> Answer:
    """The wrap-up codes of a queue."""
    return _codes(call, call.tenancy.org.directory.queue(call.path["queueId"]).wrapup_codes)


def wrapup_code(view: WrapupCodeView) -> WrapupCode:
    """A wrap-up code in the platform's shape."""
    return WrapupCode(id=view.id, name=view.name, self_uri=f"/api/v2/routing/wrapupcodes/{view.id}")


def division(call: Call) -> Division:
    """The one division of the org."""
    division_id = call.tenancy.org.directory.organization.division_id
    return Division(id=division_id, self_uri=f"/api/v2/authorization/divisions/{division_id}")


def _queues_of(call: Call, user_id: str) -> Answer:
    wanted = call.query.get("joined")
    entities = [
        _user_queue(call, each, user_id)
        for each in call.tenancy.org.directory.queues(user_id)
        if wanted in {None, str(user_id in each.joined).lower()}
    ]
    return json_answer(200, page(call, UserQueueEntityListing, entities))


def _queue(call: Call, view: QueueView) -> Queue:
    return Queue(
        id=view.id,
        name=view.name,
        division=division(call),
        description=view.description,
        member_count=len(view.members),
        user_member_count=len(view.members),
        joined_member_count=len(view.joined),
        self_uri=f"{_QUEUES}/{view.id}",
    )


def _user_queue(call: Call, view: QueueView, user_id: str) -> UserQueue:
    queue = msgspec.structs.asdict(_queue(call, view))
    return UserQueue(joined=user_id in view.joined, **queue)


def _codes(call: Call, views: tuple[WrapupCodeView, ...]) -> Answer:
    entities = [wrapup_code(each) for each in views]
    return json_answer(200, page(call, WrapupCodeEntityListing, entities))


_QUEUE_ID = path_id("queueId", "The queue.")
_NO_QUEUE = refused("There is no such queue.")
_JOINED = Param(
    name="joined",
    where="query",
    schema={"type": "boolean"},
    meaning="Only queues that the user has joined, or has not.",
)
_OWN_QUEUES = Outcome(meaning="The queues.", body=UserQueueEntityListing)
_WRAPUP_CODES = Outcome(meaning="The codes.", body=WrapupCodeEntityListing)

OPERATIONS: tuple[Operation, ...] = (
    row(
        "getRoutingQueues",
        f"GET {_QUEUES}",
        "Every queue of the org.",
        list_queues,
        outcomes={
            200: Outcome(
                meaning="The queues.",
                body=QueueEntityListing,
                identifies={"queueId": "/entities/0/id"},
            )
        },
        params=PAGE,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getRoutingQueuesMe",
        f"GET {_QUEUES}/me",
        "The queues of the token's user.",
        list_own_queues,
        outcomes={200: _OWN_QUEUES},
        params=(*PAGE, _JOINED),
        user=True,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getRoutingQueue",
        f"GET {_QUEUES}/{{queueId}}",
        "One queue.",
        get_queue,
        outcomes={
            200: Outcome(meaning="The queue.", body=Queue, identifies={"queueId": "/id"}),
            404: _NO_QUEUE,
        },
        params=(_QUEUE_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getRoutingQueueWrapupcodes",
        f"GET {_QUEUES}/{{queueId}}/wrapupcodes",
        "The wrap-up codes of a queue.",
        list_wrapup_codes_of_queue,
        outcomes={200: _WRAPUP_CODES, 404: _NO_QUEUE},
        params=(_QUEUE_ID, *PAGE),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getRoutingWrapupcodes",
        "GET /api/v2/routing/wrapupcodes",
        "Every wrap-up code of the org.",
        list_wrapup_codes,
        outcomes={200: _WRAPUP_CODES},
        params=PAGE,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getUserQueues",
        f"GET {_OF_USER}",
        "The queues of a user.",
        list_queues_of_user,
        outcomes={200: _OWN_QUEUES, 404: NO_SUCH_USER},
        params=(USER_ID, *PAGE, _JOINED),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "patchUserQueue",
        f"PATCH {_OF_USER}/{{queueId}}",
        "Join a queue, or leave it for now.",
        join_queue,
        outcomes={
            200: Outcome(meaning="The queue.", body=UserQueue),
            403: ANOTHER_USER,
            404: refused("There is no such user or queue, or the user is no member of it."),
        },
        params=(USER_ID, _QUEUE_ID),
        body=UserQueueRequest,
        evidence=Evidence.DOCUMENTED,
    ),
)
