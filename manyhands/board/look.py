"""One look at an upload: what the service answered, and when."""

from dataclasses import dataclass
from typing import Self

from msgspec.structs import replace

from manyhands.engine.stages import Stage, stage_of
from manyhands.wire import Board, Client, Upload, UploadReply


@dataclass(frozen=True, slots=True)
class Look:
    """``now_ms`` by the service's clock; ``age_s``: how long ago the service answered."""

    reply: UploadReply
    now_ms: int
    age_s: float = 0.0

    @property
    def upload(self) -> Upload:
        return self.reply.upload

    @property
    def board(self) -> Board:
        """Of an upload that is over nothing is on its way, whatever the board still has."""
        board = self.reply.board
        if stage_of(self.upload.status) is not Stage.OVER:
            return board
        return Board(board.tickets, [replace(client, held=[]) for client in board.clients])

    @property
    def clients(self) -> list[Client]:
        return self.board.clients

    def later(self, seconds: float) -> Self:
        """The same answer, looked at ``seconds`` after it came."""
        age_ms = round((seconds - self.age_s) * 1000)
        return type(self)(self.reply, self.now_ms + age_ms, seconds)
