"""What befalls requests in these tests, by name: the rows of a table of faults."""

import json

from tests.faults.faults import Answer, CutAnswer, CutRequest, End, Fault, Flip, SlowFirstByte

MIDDLE = 2 * 2**20
AFTER_1S = (("Retry-After", "1"),)
JSON = (("Content-Type", "application/json"),)
SLOW_DOWN = (
    b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
)
EXPIRED = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


def said(code: str) -> bytes:
    """The API's refusal."""
    return json.dumps(
        {"code": code, "message": "Later.", "retryable": True, "details": {}}
    ).encode()


ANSWERS: dict[str, Fault] = {
    "503 SlowDown": Answer(503, SLOW_DOWN),
    "503 with Retry-After": Answer(503, SLOW_DOWN, AFTER_1S),
    "500": Answer(500),
    "expired URL": Answer(403, EXPIRED),
}
OF_A_PUT = ANSWERS | {
    "reset at once": CutRequest(End.RESET),
    "reset in the middle": CutRequest(End.RESET, MIDDLE),
    "closed in the middle": CutRequest(End.CLOSE, MIDDLE),
    "half-closed in the middle": CutRequest(End.HALF_CLOSE, MIDDLE),
    "answer lost by reset": CutAnswer(End.RESET),
    "answer lost by close": CutAnswer(End.CLOSE),
    "one bit flipped": Flip(),
}
OF_A_GET = ANSWERS | {
    "reset at once": CutRequest(End.RESET),
    "half-closed at once": CutRequest(End.HALF_CLOSE),
    "answer lost by close": CutAnswer(End.CLOSE),
    "reset in the middle": CutAnswer(End.RESET, MIDDLE),
    "closed in the middle": CutAnswer(End.CLOSE, MIDDLE),
    "one bit flipped": Flip(answer=True),
}
PUT_HANGS: dict[str, Fault] = {
    "black hole in the middle": CutRequest(End.BLACK_HOLE, MIDDLE),
    "answer lost without a word": CutAnswer(End.BLACK_HOLE),
}
GET_HANGS: dict[str, Fault] = {
    "black hole in the middle": CutAnswer(End.BLACK_HOLE, MIDDLE),
    "no answer": CutAnswer(End.BLACK_HOLE),
}
OF_A_CALL: dict[str, Fault] = {
    "503 board_busy": Answer(503, said("board_busy"), JSON),
    "429 with Retry-After": Answer(429, said("board_full"), (*JSON, *AFTER_1S)),
    "502 of a gateway": Answer(502, b"<html>Bad gateway</html>", (("Content-Type", "text/html"),)),
    "expired token": Answer(401, said("token_expired"), JSON),
    "reset": CutRequest(End.RESET),
    "answer lost by reset": CutAnswer(End.RESET),
    "answer lost by close": CutAnswer(End.CLOSE),
    "answer cut in the middle": CutAnswer(End.CLOSE, 20),
    "half-closed": CutRequest(End.HALF_CLOSE),
    "slow first byte": SlowFirstByte(1),
}
