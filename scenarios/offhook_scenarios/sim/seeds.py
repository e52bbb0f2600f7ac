"""One seed, and as many streams of chance from it as there are names."""

import random


class Seeds:
    """Streams by name: a draw from one shifts no other. The same name is the same beginning."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, name: str) -> random.Random:
        """A new stream at its beginning. Whoever asks twice for a name gets it twice."""
        # A text is hashed with SHA-512, so that neighbours share nothing.
        return random.Random(f"{self.seed}/{name}")  # noqa: S311 - repeatable, no secret.
