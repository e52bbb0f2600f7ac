"""Projects of users, run in this process: what they import is imported here first, and kept."""

import offhook.pytest_plugin
import offhook.testing.rig
import offhook_scenarios.witness

KEPT = (offhook.pytest_plugin, offhook.testing.rig, offhook_scenarios.witness)
"""pytester forgets what a run has imported; what was there before stays, and is not paid again."""
