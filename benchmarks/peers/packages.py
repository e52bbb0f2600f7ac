"""Peers from npm, installed by name and version into a cache of their own, and how each is started.

The first use installs them, which takes a minute; `OFFHOOK_PEERS` names another place for them
than `~/.cache/offhook-peers`. Without npm, Node or Java, or without a registry, the reason is told.
"""

import functools
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

from benchmarks.peers.bare_aiohttp import BODY, PATH
from benchmarks.peers.harness import Server

PLACE = Path(os.environ.get("OFFHOOK_PEERS", "~/.cache/offhook-peers")).expanduser()
INSTALL_S = 600
TOKEN = "t"  # noqa: S105 - of this benchmark.

VERSIONS = {
    "@stoplight/prism-cli": "5.14.2",
    "@mockoon/cli": "9.9.0",
    "wiremock": "3.13.2",
}
"""Each is installed apart from the others."""


class MissingError(Exception):
    """A peer is not to be had here; the message says why."""


@functools.cache
def installed(package: str) -> Path:
    """The `node_modules` that holds it. Raises `MissingError`."""
    folder = PLACE / f"{package.rpartition('/')[2]}-{VERSIONS[package]}"
    done = folder / "done"
    if done.exists():
        return folder / "node_modules"
    if shutil.which("npm") is None:
        raise MissingError(f"{package} needs npm")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text("{}", encoding="utf-8")
    words = ["npm", "install", "--no-audit", "--no-fund", f"{package}@{VERSIONS[package]}"]
    got = subprocess.run(  # noqa: S603 - npm, as it is installed.
        words, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S, check=False
    )
    if got.returncode:
        raise MissingError(f"npm did not install {package}: {got.stderr.strip()[-300:]}")
    done.touch()
    return folder / "node_modules"


def prism(folder: Path) -> Server:
    """Prism, its log silent."""
    binary = installed("@stoplight/prism-cli") / ".bin" / "prism"
    port = _free_port()
    words = ["mock", "-h", "127.0.0.1", "-p", str(port), "-v", "silent", str(_definition(folder))]
    return _served(port, str(binary), *words)


def mockoon(folder: Path) -> Server:
    """Mockoon as it comes, but for the log file."""
    binary = installed("@mockoon/cli") / ".bin" / "mockoon-cli"
    port = _free_port()
    words = ["start", "-d", str(_definition(folder)), "-p", str(port), "-l", "127.0.0.1"]
    return _served(port, str(binary), *words, "--disable-log-to-file")


def wiremock(folder: Path) -> Server:
    """WireMock as it comes: its request journal is on."""
    if shutil.which("java") is None:
        raise MissingError("WireMock needs Java")
    jar = next((installed("wiremock") / "wiremock" / "build").glob("*.jar"))
    mappings = folder / "mappings"
    mappings.mkdir()
    for name, stub in _STUBS.items():
        (mappings / f"{name}.json").write_text(json.dumps(stub), encoding="utf-8")
    port = _free_port()
    words = ["--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(folder)]
    return _served(port, "java", "-jar", str(jar), "--disable-banner", *words)


def _served(port: int, *command: str) -> Server:
    return Server(*command, where={"port": port, "token": TOKEN, "path": PATH, "ready": PATH})


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port


_BEARER = {"Authorization": {"matches": "Bearer .+"}}
_STUBS = {
    "get": {
        "request": {
            "method": "GET",
            "urlPathPattern": "/api/v2/webrtc/clients/[^/]+",
            "headers": _BEARER,
        },
        "response": {
            "status": 200,
            "headers": {"Content-Type": "application/json"},
            "body": BODY.decode(),
        },
    },
    "mute": {
        "request": {
            "method": "POST",
            "urlPathPattern": "/api/v2/webrtc/clients/[^/]+/mute",
            "headers": _BEARER,
            "bodyPatterns": [
                {"matchesJsonPath": {"expression": "$.muted", "matches": "true|false"}}
            ],
        },
        "response": {"status": 204},
    },
}
_ID = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
_MUTE = {
    "type": "object",
    "required": ["muted"],
    "additionalProperties": False,
    "properties": {"muted": {"type": "boolean"}},
}
_DEFINITION = {
    "openapi": "3.0.3",
    "info": {"title": "A client and its mute", "version": "1"},
    "security": [{"bearer": []}],
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/api/v2/webrtc/clients/{id}": {
            "get": {
                "parameters": _ID,
                "responses": {
                    "200": {
                        "description": "The client.",
                        "content": {
                            "application/json": {
                                "schema": {"type": "object"},
                                "example": json.loads(BODY),
                            }
                        },
                    }
                },
            }
        },
        "/api/v2/webrtc/clients/{id}/mute": {
            "post": {
                "parameters": _ID,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _MUTE}},
                },
                "responses": {"204": {"description": "Done."}},
            }
        },
    },
}


def _definition(folder: Path) -> Path:
    """The same two operations as an API definition, for the peers that want one."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(_DEFINITION), encoding="utf-8")
    return path
