"""DynamoDB's promise that one item's changes come one after the other, put into moto.

moto's DynamoDB has no lock: under threads it loses updates and lets two conditional writes win.
One lock round each call makes it as atomic as the real one, and costs nothing that can be felt.
"""

import threading
from typing import Any

from moto.dynamodb.responses import DynamoHandler

_LOCK = threading.RLock()
_call = DynamoHandler.call_action


def install() -> None:
    """Once is enough; again is harmless."""
    DynamoHandler.call_action = _one_at_a_time


def _one_at_a_time(self: Any) -> Any:
    with _LOCK:
        return _call(self)
