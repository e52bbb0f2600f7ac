"""One policy against one server: which engine plays it, and what came of it."""

from collections.abc import Callable
from enum import StrEnum
from importlib.util import find_spec

import msgspec

from offhook_scenarios.backoff import one_by_one
from offhook_scenarios.backoff.collapse import Step, collapse_load, ramp
from offhook_scenarios.backoff.figures import Figures, figures
from offhook_scenarios.backoff.herd import Herd, Outcome, Progress
from offhook_scenarios.backoff.policy import BrokenPolicyError, Policy
from offhook_scenarios.backoff.servers import (
    BacklogAware,
    FixedWindow,
    Outage,
    Server,
    TokenBucket,
)
from offhook_scenarios.backoff.waits import Decorrelated, Waits

LARGE = 20_000
"""From so many clients on numpy is worth its import. It gives the same results."""
WINDOW_S = 10.0


class Limit(StrEnum):
    """The servers that can be asked for."""

    TOKEN_BUCKET = "token-bucket"  # noqa: S105 - a token that one spends on a request.
    FIXED_WINDOW = "fixed-window"
    BACKLOG_AWARE = "backlog-aware"


class Engine(StrEnum):
    """How a herd is played."""

    AUTO = "auto"
    PYTHON = "python"
    NUMPY = "numpy"
    FLUID = "fluid"


class NoNumpyError(Exception):
    """This engine needs numpy, which is not installed."""


class WrongEngineError(ValueError):
    """This engine cannot play this policy or server."""


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """What every policy has to face."""

    herd: Herd
    limit: Limit
    capacity_per_s: float
    outage_s: float = 0.0
    engine: Engine = Engine.AUTO
    collapse: bool = False

    def server(self) -> Server:
        """A server that nobody has called yet."""
        server: Server
        match self.limit:
            case Limit.TOKEN_BUCKET:
                server = TokenBucket(self.capacity_per_s)
            case Limit.FIXED_WINDOW:
                quota = max(1, round(self.capacity_per_s * WINDOW_S))
                server = FixedWindow(quota, window_s=WINDOW_S)
            case Limit.BACKLOG_AWARE:
                server = BacklogAware(self.capacity_per_s)
        return Outage(server, length_s=self.outage_s) if self.outage_s else server


def kept(limit: Limit, capacity_per_s: float) -> float:
    """The capacity that a server can really have: a window's quota is whole, and at least 1."""
    if limit is Limit.FIXED_WINDOW:
        return max(1, round(capacity_per_s * WINDOW_S)) / WINDOW_S
    return capacity_per_s


class Collapse(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a fleet with this policy keeps a server down."""

    recovers_up_to: float
    """Load as a share of the capacity."""
    steps: tuple[Step, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one policy. Either broken, or with figures."""

    name: str
    broken: str | None = None
    """What the policy did that no policy may."""
    figures: Figures | None = None
    outcome: Outcome | None = None
    collapse: Collapse | None = None

    @property
    def finding(self) -> str | None:
        """What is wrong, if anything is."""
        if self.broken is not None:
            return self.broken
        return None if self.figures is None else self.figures.ended


Play = Callable[[], Outcome]


def judge(
    name: str, policy: Policy, experiment: Experiment, *, progress: Progress | None = None
) -> Result:
    """Play a policy.

    Raises:
        NoNumpyError: The engine needs it.
        WrongEngineError: The engine cannot play this.
    """
    server = experiment.server()
    try:
        outcome = _play(policy, server, experiment, progress)
        collapse = _collapse(policy) if experiment.collapse else None
    except BrokenPolicyError as error:
        return Result(name=name, broken=str(error))
    found = figures(outcome, server, start_within_s=experiment.herd.start_within_s)
    return Result(name=name, figures=found, outcome=outcome, collapse=collapse)


def _play(
    policy: Policy, server: Server, experiment: Experiment, progress: Progress | None
) -> Outcome:
    herd, engine = experiment.herd, experiment.engine
    known = isinstance(policy, Waits | Decorrelated)
    if engine is Engine.AUTO:
        large = herd.clients >= LARGE and known and find_spec("numpy") is not None
        engine = Engine.NUMPY if large else Engine.PYTHON
    if engine is Engine.PYTHON:
        return one_by_one.run(herd, policy, server, progress=progress)
    if find_spec("numpy") is None:
        raise NoNumpyError(f"The {engine} engine needs numpy: pip install 'offhook[herd]'.")
    if not isinstance(policy, Waits | Decorrelated):
        raise WrongEngineError(
            f"The {engine} engine plays policies by name only; a function needs --engine python."
        )
    if engine is Engine.NUMPY:
        from offhook_scenarios.backoff import vectors  # noqa: PLC0415 - numpy is an extra.

        return vectors.run(herd, policy, server, progress=progress)
    from offhook_scenarios.backoff import fluid  # noqa: PLC0415 - as above.

    if isinstance(policy, Decorrelated):
        raise WrongEngineError("The fluid engine cannot play a policy that remembers.")
    try:
        return fluid.run(herd, policy, server)
    except fluid.NoFluidError as error:
        raise WrongEngineError(str(error)) from error


def _collapse(policy: Policy) -> Collapse:
    return Collapse(recovers_up_to=collapse_load(policy), steps=ramp(policy))
