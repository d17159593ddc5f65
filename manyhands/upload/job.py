"""What one run is asked to do."""

from dataclasses import dataclass, field
from pathlib import Path

from manyhands.engine.pace import Rules
from manyhands.net.binding import Binding
from manyhands.net.limiter import Limiter


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to upload and how. ``group``: an id or a name, "" for the personal group.

    ``name``: other than the file's own, or "". ``wait``: until the object is stored, not only sent.
    ``bindings``: ways out of this machine, each of which becomes a client of its own.
    ``helps``: the upload that this file must belong to, or "" for whichever it belongs to.
    """

    path: Path
    label: str
    group: str = ""
    name: str = ""
    limiter: Limiter = field(default_factory=Limiter)
    rules: Rules = field(default_factory=Rules)
    wait: bool = True
    helps: str = ""
    bindings: tuple[Binding, ...] = ()
