"""Deterministic simulation of asyncio programs: one process, one seed, a clock that jumps.

Unmodified aiohttp servers and clients and `websockets` clients run on it. It knows nothing of
Offhook: nothing in here imports the mock, the client or a scenario.

A run is replayed by its seed, its task order, the code, the minor version of Python and the
versions of the libraries; it does not depend on `PYTHONHASHSEED` or on the garbage collector.
What it cannot make deterministic: sets ordered by `id()`, clocks and chance that are not reached
(see `entropy`), and TLS.
"""
