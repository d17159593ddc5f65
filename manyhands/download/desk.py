"""What comes into the inbox of a download's run, beside the engine's happenings."""

from collections.abc import Callable
from dataclasses import dataclass

from manyhands.download.happenings import (
    Happening,
)
from manyhands.errors import KEPT_HERE
from manyhands.inbox import Inbox


@dataclass(frozen=True, slots=True)
class Checked:
    """What lay on the disk of this part was compared with the manifest."""

    part: int


Message = Happening | Checked


class Desk(Inbox[Message]):
    """``checked`` is called, in the deciding thread, with each part that was compared."""

    def __init__(self, checked: Callable[[int], None]) -> None:
        super().__init__(KEPT_HERE)
        self._checked = checked

    def heard(self, message: Message) -> None:
        if isinstance(message, Checked):
            self._checked(message.part)
