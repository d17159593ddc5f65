"""How far an upload is, how fast, and how long it will take: the page's arithmetic.

The speed counts only devices that hold tickets and were heard of in the last thirty seconds, and
only while tickets are given: a device keeps its last speed on the board after it has left, and
adding those up would promise an end that never comes. What is under way is not counted as done,
because it may fail.
"""

from dataclasses import dataclass

from manyhands.board.look import Look
from manyhands.engine.stages import Stage, stage_of
from manyhands.wire import Client, Upload

PRESENT_S = 30.0


@dataclass(frozen=True, slots=True)
class Totals:
    """``share`` from 0 to 1, ``rate`` in bytes a second, ``devices`` at work now."""

    share: float
    rate: int
    devices: int
    eta_s: float | None


def totals(look: Look) -> Totals:
    here = [client for client in look.clients if present(client, look.age_s)]
    left = look.upload.size - look.upload.bytes_done
    moving = stage_of(look.upload.status) is Stage.WORKING
    rate = sum(client.rate for client in here if client.held) if moving else 0
    eta_s = left / rate if rate and left else None
    return Totals(share_of(look.upload), rate, len(here), eta_s)


def share_of(upload: Upload) -> float:
    """An empty file is all there as soon as it is over."""
    if not upload.size:
        return float(stage_of(upload.status) is Stage.OVER)
    return upload.bytes_done / upload.size


def present(client: Client, age_s: float = 0.0) -> bool:
    """At work now, as far as is known. Who works is heard of every twenty seconds at the latest."""
    return client.alive and client.seen_s + age_s < PRESENT_S


def speed(client: Client, look: Look) -> int:
    """Its speed if it means anything now, else 0: who holds no ticket sends nothing."""
    working = look.upload.status == "active" and present(client, look.age_s)
    return client.rate if working and client.held else 0
