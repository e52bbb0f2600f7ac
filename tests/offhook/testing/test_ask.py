"""How a handle reaches its server."""

from offhook.server import MockServer
from offhook.testing.ask import Ask
from offhook.threaded import ThreadedServer


def test_a_threaded_server_can_be_asked(threaded: ThreadedServer) -> None:
    ask: Ask = threaded.ask
    assert ask(lambda server: server.seed) == 1
    assert ask(MockServer.state)["users"]
