"""The reference client on the platform dialect: calls and participants, and no versions."""
