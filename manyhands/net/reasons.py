"""Why there is no connection, in words that a person can act on."""

import errno
import socket

NO_NETWORK = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})


def reason(error: BaseException, who: str) -> str:
    """A clause without a full stop. ``who``: the other side, e.g. its host."""
    if isinstance(error, TimeoutError):
        return f"no answer from {who} in time"
    if isinstance(error, socket.gaierror):
        return f"the name of {who} cannot be looked up, so perhaps there is no network"
    if isinstance(error, ConnectionRefusedError):
        return f"nobody answers at {who}"
    if getattr(error, "errno", None) in NO_NETWORK:
        return f"there is no network that leads to {who}"
    return f"the connection to {who} broke"
