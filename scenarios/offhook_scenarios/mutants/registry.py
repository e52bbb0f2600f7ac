"""All mutants, in the order in which they are told of. `--client mutant:NAME` finds one here."""

from offhook_scenarios.mutants import habits, links, logins, ported, retries, versions, wishes
from offhook_scenarios.mutants.mutant import Mutant

THEMES: dict[str, tuple[Mutant, ...]] = {
    "The event socket": links.MUTANTS,
    "Order and versions": versions.MUTANTS,
    "Trying again": retries.MUTANTS,
    "The login": logins.MUTANTS,
    "A press": wishes.MUTANTS,
    "The page round the client": habits.MUTANTS,
    "Public bugs": ported.MUTANTS,
}

MUTANTS: dict[str, Mutant] = {
    mutant.name: mutant for mutants in THEMES.values() for mutant in mutants
}
