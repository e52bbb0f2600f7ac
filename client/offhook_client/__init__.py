"""The reference client: the one that never says "muted" while the microphone is live."""
