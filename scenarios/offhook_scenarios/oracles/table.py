"""The oracles, all of them, in the order of their numbers."""

from offhook_scenarios.oracles.at_most_once import AtMostOnce
from offhook_scenarios.oracles.causality import Causality
from offhook_scenarios.oracles.command_liveness import CommandLiveness
from offhook_scenarios.oracles.convergence import Convergence
from offhook_scenarios.oracles.fast_recovery import FastRecovery
from offhook_scenarios.oracles.honest_doubt import HonestDoubt
from offhook_scenarios.oracles.hygiene import Hygiene
from offhook_scenarios.oracles.isolation import Isolation
from offhook_scenarios.oracles.last_intent import LastIntent
from offhook_scenarios.oracles.monotonic_reads import MonotonicReads
from offhook_scenarios.oracles.monotonic_writes import MonotonicWrites
from offhook_scenarios.oracles.no_deadlock import NoDeadlock
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.politeness import Politeness
from offhook_scenarios.oracles.privacy import Privacy
from offhook_scenarios.oracles.stale_live import StaleLive

ORACLES: tuple[Oracle, ...] = (
    NoDeadlock(),
    Convergence(),
    Privacy(),
    StaleLive(),
    MonotonicReads(),
    AtMostOnce(),
    Politeness(),
    Causality(),
    MonotonicWrites(),
    CommandLiveness(),
    Hygiene(),
    Isolation(),
    FastRecovery(),
    HonestDoubt(),
    LastIntent(),
)
