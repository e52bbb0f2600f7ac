"""The mock's own operations under `/_offhook/v1`: clock, faults, state, actors, journal."""
