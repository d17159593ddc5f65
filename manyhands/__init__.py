"""Manyhands, the Python client: one file, uploaded by every device that holds a copy of it.

The package in layers, each importing only from those below it:

    cli              what a person reads and says
    client           the library: one call for each thing that a person does
    transfers        what is kept of each transfer on this machine, and whose turn it is
    upload           one run: a file to its end, with every device that helps
    download         one run: a stored file onto this disk, resumed from what is there
    account          signing in and staying so
    files | net      the disk; the service and the storage
    board            what one reads from an upload and its board, without a screen
    inbox            the thread that decides, and how all others speak to it
    engine           every decision, without I/O, clock or thread
    events | parts | words
    wire             the protocol's JSON
    errors           all that can go wrong, with exit codes

The client shares the protocol with the server, and no code. ``Client`` is imported when somebody
asks for it: the command line begins without it, and would have to wait.
"""

from typing import TYPE_CHECKING, Any

from manyhands.errors import ManyhandsError, Refused

if TYPE_CHECKING:
    from manyhands.client import Client

__all__ = ["Client", "ManyhandsError", "Refused"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "Client":
        from manyhands.client import Client

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
