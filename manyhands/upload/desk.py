"""What comes into the inbox of an upload's run, beside the engine's happenings."""

from collections.abc import Callable
from dataclasses import dataclass

from manyhands.engine.happenings import Happening, Rest
from manyhands.errors import Paused
from manyhands.events import Event
from manyhands.inbox import Inbox
from manyhands.wire import KnownReply, UploadReply


@dataclass(frozen=True, slots=True)
class Hashed:
    """A hashing thread is done with this part."""

    part: int


@dataclass(frozen=True, slots=True)
class PagePut:
    known: KnownReply


@dataclass(frozen=True, slots=True)
class PageFailed:
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A look at the upload."""

    reply: UploadReply


@dataclass(frozen=True, slots=True)
class Beside:
    """What another client of this process tells."""

    event: Event


Note = Hashed | PagePut | PageFailed | Seen | Beside
Message = Happening | Note


class Desk(Inbox[Message]):
    """``hashed`` is called, in the deciding thread, with each part that was hashed."""

    def __init__(self, hashed: Callable[[int], None]) -> None:
        super().__init__()
        self._hashed = hashed
        self.working = False
        """Whether there is an engine that can rest; before, a pause is simply the end."""

    def heard(self, message: Message) -> None:
        """Raises Paused if there is nothing yet that could rest."""
        if isinstance(message, Rest) and not self.working:
            raise Paused
        if isinstance(message, Hashed):
            self._hashed(message.part)
