"""Clients of a few lines, as processes: they speak the protocol, or break it in one way."""

import sys
from pathlib import Path

from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.adapters.stdio import stdio

HELLO = '{"offhook": "hello", "protocol": 1, "name": "script", "dialect": "tutorial", "can": [%s]}'

POLITE = """
import json, os, subprocess, sys, time
def say(what, **more):
    print(json.dumps({"offhook": what, **more}), flush=True)
def hello(*can, clock="own"):
    say("hello", protocol=1, name="script", version="1", dialect="tutorial", can=can, clock=clock)
def commands():
    for line in sys.stdin:
        yield json.loads(line)
def serve(*can, clock="own", **answers):
    hello(*can, clock=clock)
    for command in commands():
        name = command["offhook"]
        if name in answers:
            answers[name](command)
        elif name == "stop":
            break
        else:
            say("done", id=command["id"])
"""
"""What the scripts begin with. `serve` obeys, as far as it is not told otherwise."""


def script(folder: Path, text: str) -> list[str]:
    """The command that runs `text` after the polite beginning."""
    path = folder / "client.py"
    path.write_text(POLITE + text, encoding="utf-8")
    return [sys.executable, "-S", "-E", str(path)]


def client(folder: Path, text: str) -> RemoteClient:
    """An adapter of it."""
    return RemoteClient(stdio(script(folder, text)), name="script")
