"""What a test of a client holds: the handle on a mock, its assertions, and how pytest uses them.

Nothing here is imported before a fixture is used, but for `options`.
"""
