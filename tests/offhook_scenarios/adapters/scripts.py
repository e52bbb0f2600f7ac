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


DESK = """
import urllib.error, urllib.parse, urllib.request
class Desk:
    def ask(self, method, path, **options):
        request = urllib.request.Request(self.api + path, method=method, **options)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")
    def start(self, command):
        self.api, login = command["api"], command["credentials"]
        form = dict(grant_type="password", username=command["user"], password=login["password"],
            client_id=login["clientId"], client_secret=login["clientSecret"])
        data = urllib.parse.urlencode(form).encode()
        token = self.ask("POST", "/oauth/token", data=data)
        self.headers = {"Authorization": "Bearer " + token["access_token"],
            "Content-Type": "application/json"}
        self.path = "/api/v2/webrtc/clients/"
        device = self.ask("GET", self.path + "me", headers=self.headers)
        self.path += device["id"] + "/mute"
        say("belief", shown="muted" if device["muted"] else "live")
        say("done", id=command["id"])
    def set_mute(self, command):
        data = json.dumps({"muted": command["muted"]}).encode()
        try:
            self.ask("POST", self.path, data=data, headers=self.headers)
            say("belief", shown="muted" if command["muted"] else "live")
        except OSError as error:
            print("mute failed:", error, file=sys.stderr)
        say("done", id=command["id"])
desk = Desk()
"""
"""A desk of the tutorial's dialect that listens to no events, and takes no answer for a no."""

SERVE = "serve('set_mute', start=desk.start, set_mute=desk.set_mute)"
