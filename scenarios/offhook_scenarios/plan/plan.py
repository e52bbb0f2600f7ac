"""The plan: who does what when, and what goes wrong meanwhile. JSON, versioned.

Times are seconds after the desks are up. Two plans that are equal play the same bytes.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from offhook.domain.errors import DomainError, OffhookError
from offhook.faults.rule import RuleSpec
from offhook.policies import Policies
from offhook_scenarios.sim.ready import Order

VERSION = 1
DESKS_MAX = 3
"""As many as the default org has users; each desk is a user of its own."""
LENGTH_MAX_S = 86_400.0

At = Annotated[float, Meta(ge=0, le=LENGTH_MAX_S, description="seconds after the desks are up")]
Lasts = Annotated[float, Meta(gt=0, le=LENGTH_MAX_S, description="seconds until it is healed")]
DeskNumber = Annotated[int, Meta(ge=1, le=DESKS_MAX, description="which desk, from 1")]
_Seconds = Annotated[float, Meta(ge=0, le=60)]


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
    """Every connection of the desk is reset at once."""

    desk: DeskNumber = 1


class Partition(_Step, frozen=True, kw_only=True, tag="partition"):
    """Nothing passes between desk and server, though no connection ends: half-open."""

    desk: DeskNumber = 1
    way: Literal["both", "up", "down"] = "both"
    """`up` is from the desk to the server."""
    lasts_s: Lasts


class Refuse(_Step, frozen=True, kw_only=True, tag="refuse"):
    """Whoever dials is refused; with `silent` he hears nothing at all. Open connections stay."""

    silent: bool = False
    lasts_s: Lasts


class Fault(_Step, frozen=True, kw_only=True, tag="fault"):
    """The server answers or pushes wrongly, by a rule of the mock's faults."""

    desk: DeskNumber | None = None
    """Whose device it is meant for; None: everybody's."""
    rule: RuleSpec
    lasts_s: Lasts


Step = Press | Headset | Force | Cut | Partition | Refuse | Fault


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
        ends = (step.at_s + getattr(step, "lasts_s", 0.0) for step in self.steps)
        return max(ends, default=0.0)


def read_plan(text: bytes | str) -> Plan:
    """A plan from JSON. Raises `PlanError` with one sentence."""
    try:
        plan = msgspec.json.decode(text, type=Plan)
    except msgspec.DecodeError as error:
        raise PlanError(f"The plan cannot be read: {str(error).rstrip('.')}.") from error
    check_plan(plan)
    return plan


def check_plan(plan: Plan) -> None:
    """Raises `PlanError` for what the types alone cannot say."""
    for number, step in enumerate(plan.steps, 1):
        desk = getattr(step, "desk", None)
        if desk is not None and desk > plan.desks:
            raise PlanError(
                f"Step {number} is about desk {desk}, and the plan has desks 1 to {plan.desks}."
            )
        if isinstance(step, Fault) and step.rule.match.client_id is not None:
            raise PlanError(
                f"Step {number} names a clientId, which no plan can know: name its desk instead."
            )
    try:
        Policies().changed(plan.policies)
    except DomainError as error:
        raise PlanError(f"The plan's policies: {error.message}") from error


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
