"""The desk on the official JavaScript SDK under judgement: a guest like any other.

The desk itself is `node_desk/desk.js`, which speaks the platform dialect.
"""

from offhook_scenarios.adapters.node import DESK, Node
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.adapters.stdio import stdio


class JavascriptDesk(RemoteClient):
    """Adapter of the desk. Its clock is that of the loop it is started on."""

    NAME = "js-sdk"

    def __init__(self, node: Node) -> None:
        variables = {"NODE_PATH": str(node.modules)}
        super().__init__(stdio([node.node, str(DESK / "desk.js")], variables), name=self.NAME)
