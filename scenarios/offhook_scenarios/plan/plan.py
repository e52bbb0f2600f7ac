"""The plan: who does what when, and what goes wrong meanwhile. JSON, versioned.

Times are seconds after the desks are up. Two plans that are equal play the same bytes.
"""

from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from offhook.api.notifications import EVENT_TYPES
from offhook.api.oauth import OPERATIONS as OAUTH
from offhook.api.platform.operations import OPERATIONS as PLATFORM
from offhook.api.tutorial import OPERATIONS as TUTORIAL
from offhook.domain.errors import DomainError, OffhookError
from offhook.faults.catalogue import near
from offhook.faults.kinds import HttpFault
from offhook.faults.rule import RuleSpec
from offhook.policies import Policies
from offhook_scenarios.adapters.adapter import Restart as RestartKind
from offhook_scenarios.plan.unreadable import UNREADABLE, told
from offhook_scenarios.plan.wire import Action, When
from offhook_scenarios.sim.ready import Order

VERSION = 1
DESKS_MAX = 3
"""As many as the default org has users; each desk is a user of its own."""
LENGTH_MAX_S = 86_400.0

At = Annotated[float, Meta(ge=0, le=LENGTH_MAX_S, description="seconds after the desks are up")]
Lasts = Annotated[float, Meta(gt=0, le=LENGTH_MAX_S, description="seconds until it is healed")]
DeskNumber = Annotated[int, Meta(ge=1, le=DESKS_MAX, description="which desk, from 1")]
_Seconds = Annotated[float, Meta(ge=0, le=60)]
Ways = Literal["both", "up", "down"]
"""`up` is from the desk to the server."""


class PlanError(OffhookError):
    """A plan that cannot be played; the message says where it is wrong, and how."""


class _Struct(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
):
    """The root of what is written in a plan."""


class _Step(_Struct, frozen=True, kw_only=True, tag_field="do"):
    at_s: At


class Press(_Step, frozen=True, kw_only=True, tag="press"):
    """The agent at the desk presses mute or unmute."""

    desk: DeskNumber = 1
    muted: bool


class Headset(_Step, frozen=True, kw_only=True, tag="headset"):
    """The agent presses the button on the headset: the device tells the server."""

    desk: DeskNumber = 1
    muted: bool


class Force(_Step, frozen=True, kw_only=True, tag="force"):
    """A supervisor sets the agent's mute."""

    desk: DeskNumber = 1
    muted: bool


class Cut(_Step, frozen=True, kw_only=True, tag="cut"):
    """Every connection of the desk ends at once."""

    desk: DeskNumber = 1
    side: Literal["both", "desk", "server"] = "both"
    """Who finds out now. The other side does when it next says something."""
    end: Literal["reset", "fin"] = "reset"
    """`fin`: what was sent before still arrives."""


class Partition(_Step, frozen=True, kw_only=True, tag="partition"):
    """Nothing passes between desk and server, though no connection ends; later it all arrives."""

    desk: DeskNumber = 1
    way: Ways = "both"
    lasts_s: Lasts


class HalfOpen(_Step, frozen=True, kw_only=True, tag="halfOpen"):
    """The connections that the desk has now go dead, and neither side is told; new ones work."""

    desk: DeskNumber = 1
    lasts_s: Lasts | None = None
    """Until what was sent meanwhile arrives after all; None: until everything is healed."""


class Slow(_Step, frozen=True, kw_only=True, tag="slow"):
    """Bytes between desk and server take so long, instead of what the weather says."""

    desk: DeskNumber = 1
    way: Ways = "both"
    latency_s: _Seconds
    jitter_s: _Seconds = 0.0
    lasts_s: Lasts


class Refuse(_Step, frozen=True, kw_only=True, tag="refuse"):
    """Whoever dials is refused; with `silent` he hears nothing at all. Open connections stay."""

    silent: bool = False
    lasts_s: Lasts


class Restart(_Step, frozen=True, kw_only=True, tag="restart"):
    """The server is gone: connections are reset, dialling is refused. Then it is back."""

    keeps_state: bool = True
    """If not, it comes back as it was declared: new epoch, no devices, no tokens."""
    lasts_s: Lasts


class Expire(_Step, frozen=True, kw_only=True, tag="expire"):
    """The access tokens of the desk's user expire now; the refresh tokens stay."""

    desk: DeskNumber = 1


class Client(_Step, frozen=True, kw_only=True, tag="client"):
    """The client at the desk is restarted, if its adapter can do that."""

    desk: DeskNumber = 1
    restart: RestartKind
    lasts_s: Lasts = 1.0
    """How long it is gone, or asleep."""


class Wire(_Step, frozen=True, kw_only=True, tag="wire"):
    """Something befalls the bytes between desk and server that `when` is true of."""

    desk: DeskNumber = 1
    when: When = When()
    action: Action
    times: Annotated[int, Meta(ge=1, le=1_000_000)] | None = 1
    """How often; None: each time, while it lasts."""
    lasts_s: Lasts


class Fault(_Step, frozen=True, kw_only=True, tag="fault"):
    """The server answers or pushes wrongly, by a rule of the mock's faults."""

    desk: DeskNumber | None = None
    """Whose device it is meant for; None: everybody's."""
    rule: RuleSpec
    lasts_s: Lasts


Step = (
    Press
    | Headset
    | Force
    | Cut
    | Partition
    | HalfOpen
    | Slow
    | Refuse
    | Restart
    | Expire
    | Client
    | Wire
    | Fault
)


class Weather(_Struct, frozen=True, kw_only=True):
    """How long bytes are under way between a desk and the server."""

    latency_s: _Seconds = 0.01
    jitter_s: _Seconds = 0.03


class Plan(_Struct, frozen=True, kw_only=True):
    """One troubled session."""

    version: Literal[1] = 1
    seed: Annotated[int, Meta(ge=0, description="of the network, the clients and the org")] = 0
    order: Order = Order.FIFO
    """In which order tasks run that are ready at the same instant."""
    weather: Weather = Weather()
    desks: DeskNumber = 1
    """How many desks there are."""
    policies: dict[str, Any] = {}
    """Changes to the org's policies."""
    steps: tuple[Step, ...] = ()

    @property
    def ends_s(self) -> float:
        """When the last step is over, and what it did is healed."""
        ends = (step.at_s + (getattr(step, "lasts_s", 0.0) or 0.0) for step in self.steps)
        return max(ends, default=0.0)


def read_plan(text: bytes | str) -> Plan:
    """A plan from JSON. Raises `PlanError` with one sentence."""
    try:
        plan = msgspec.json.decode(text, type=Plan)
    except UNREADABLE as error:
        raise PlanError(f"The plan cannot be read: {unreadable(error, text)}.") from error
    check_plan(plan)
    return plan


def unreadable(error: Exception, text: bytes | str) -> str:
    """Why a text that holds a plan cannot be read, without a full stop."""
    kinds = [str(kind.__struct_config__.tag) for kind in get_args(Step)]
    return told(error, text, kinds=kinds, version=VERSION)


def check_plan(plan: Plan) -> None:
    """Raises `PlanError` for what the types alone cannot say."""
    for number, step in enumerate(plan.steps, 1):
        desk = getattr(step, "desk", None)
        if desk is not None and desk > plan.desks:
            raise PlanError(
                f"Step {number} is about desk {desk}, and the plan has desks 1 to {plan.desks}."
            )
        if isinstance(step, Fault):
            _check_fault(number, step)
    try:
        Policies().changed(plan.policies)
    except DomainError as error:
        raise PlanError(f"The plan's policies: {error.message}") from error


def _check_fault(number: int, step: Fault) -> None:
    """A rule that could never bite would prove nothing, and say so nowhere."""
    match = step.rule.match
    if match.client_id is not None:
        raise PlanError(
            f"Step {number} names a clientId, which no plan can know: name its desk instead."
        )
    noun, known = "event type", sorted(EVENT_TYPES)
    if isinstance(step.rule.fault, HttpFault):
        noun, known = "operation", [row.id for row in (*TUTORIAL, *PLATFORM, *OAUTH)]
    wanted = match.operation
    if wanted is not None and wanted not in known and " " not in wanted:
        kind = step.rule.fault.__struct_config__.tag
        raise PlanError(
            f"Step {number} names the {noun} {wanted!r}, and there is none that {kind!r} could hit"
            f"{near(wanted, known)}."
        )


def written(plan: Plan) -> bytes:
    """The plan as JSON, without what is as it is by default."""
    return msgspec.json.encode(plan)


def plan_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a plan."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Offhook plan",
        **msgspec.json.schema(Plan),
    }
