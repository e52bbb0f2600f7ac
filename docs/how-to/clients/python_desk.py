"""A desk on `requests` and `websocket-client`, and the adapter that lets it be judged.

offhook check --client stdio:"python python_desk.py"
"""

import json
import sys
import threading
import time

import requests
import websocket


class Desk:
    """The client. It speaks the tutorial's dialect, and knows nothing of the harness."""

    def __init__(self, show):
        self.show = show  # called with True when the screen says muted

    def start(self, api, user, credentials, device):
        self.api, self.device = api, device
        form = {
            "grant_type": "password",
            "username": user,
            "password": credentials["password"],
            "client_id": credentials["clientId"],
            "client_secret": credentials["clientSecret"],
        }
        token = requests.post(f"{api}/oauth/token", data=form, timeout=5).json()
        self.headers = {"Authorization": f"Bearer {token['access_token']}"}
        self.read()
        threading.Thread(target=self.listen, daemon=True).start()

    def read(self):
        answer = requests.get(
            f"{self.api}/api/v2/webrtc/clients/me",
            params={"deviceId": self.device},
            headers=self.headers,
            timeout=5,
        )
        answer.raise_for_status()
        self.client = answer.json()
        self.show(self.client["muted"])

    def listen(self):
        while True:
            try:
                path = f"/api/v2/webrtc/clients/{self.client['id']}/events?role=device"
                url = self.api.replace("http", "ws", 1) + path
                socket = websocket.create_connection(url, header=self.headers, timeout=30)
                while True:
                    event = json.loads(socket.recv())
                    if event["type"] == "muteChanged":
                        self.show(event["muted"])
            except (OSError, ValueError, websocket.WebSocketException) as error:
                print(f"the socket is gone: {type(error).__name__}", file=sys.stderr)
                time.sleep(1)

    def set_mute(self, muted):
        try:
            answer = requests.post(
                f"{self.api}/api/v2/webrtc/clients/{self.client['id']}/mute",
                json={"muted": muted},
                headers=self.headers,
                timeout=5,
            )
            answer.raise_for_status()
            self.show(muted)
        except requests.RequestException as error:
            # It did not work, so nothing has changed. Or has it?
            print(f"mute={muted} failed: {error}", file=sys.stderr)


# The adapter: messages in, messages out, a line each.

saying = threading.Lock()


def say(message, **more):
    with saying:
        print(json.dumps({"offhook": message, **more}), flush=True)


desk = Desk(lambda muted: say("belief", shown="muted" if muted else "live"))


def obey(command):
    try:
        if command["offhook"] == "start":
            desk.start(command["api"], command["user"], command["credentials"], command["device"])
        elif command["offhook"] == "set_mute":
            desk.set_mute(command["muted"])
        say("done", id=command["id"])
    except Exception as error:
        say("done", id=command["id"], error=repr(error))


say("hello", protocol=1, name="python-desk", version="1.0", dialect="tutorial", can=["set_mute"])
for line in sys.stdin:
    command = json.loads(line)
    if command["offhook"] == "stop":
        break
    # A thread for each: a press must not wait for the one before.
    threading.Thread(target=obey, args=[command], daemon=True).start()
