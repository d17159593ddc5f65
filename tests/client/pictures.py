"""The pictures that are kept as text in ``golden/``: what a terminal shows, without colours.

``python -m tests.client.pictures --renew`` writes them anew; look at what changed before you keep
it.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from manyhands.board.look import Look
from manyhands.cli import board_view, listing, progress_line, shelf_view, status
from manyhands.cli.listing import Listed
from manyhands.cli.showing import WIDEST
from manyhands.cli.steps import step
from manyhands.cli.views import plain
from manyhands.errors import KEPT
from manyhands.events import Progress
from manyhands.transfers.cycle import State
from manyhands.wire import Group, Upload
from tests.client.looks import NOW_MS, PART, client, look, transfer, upload

GOLDEN = Path(__file__).parent / "golden"

UNDER_WAY = look(
    [
        client(1, "laptop", held=[21, 22, 23, 26], rate=6_020_000),
        client(2, "desktop", person="ben", held=[24, 25], rate=10_100_000),
        client(3, "phone", held=[24], rate=8_300_000, seen_s=12.4),
        client(4, "the old box in the cellar", alive=False, seen_s=190.0),
    ],
    [2, 1, 2, 2, 1, 2, 2, 1, 4, 1, 2, 2, 1, 2, 2, 1, 3, 2, 2, 1],
)
STORED = look(
    [client(1, held=[]), client(2, "desktop", person="ben", seen_s=80.0, alive=False)],
    [2, 1, 1] * 13 + [2, 2],
    status="complete",
    bytes_done=41 * PART - 1234,
)
IDLE = look(
    [client(1, seen_s=75.0, alive=False)],
    [1, 1, 1],
    parts=5,
    touched_at=NOW_MS - 75_000,
    checksum="",
)
FAILED = look(
    status="failed", name="ev\x1b]0;il\x07.mov", reason="part 3 is missing\x1b[2J", parts=3
)
UNBEGUN = look(status="initialized", parts=1, size=0)
LARGE = look(
    [client(n, f"node {n}", person="ben", held=[5000 + n, 5030 + n]) for n in range(1, 31)],
    [1 + part * part % 30 for part in range(5000)],
    parts=10_000,
    name="映画のフィルム、とても長い名前のファイル、もっと長い名前のファイル.mov",
)

TRANSFERS = [
    transfer(1, State.ONGOING, bytes_done=100 * PART),
    transfer(2, State.QUEUED, size=0, upload=""),
    transfer(3, State.PAUSED, kind="download", path="/home/ana/Ton, Schnitt 3.wav"),
    transfer(4, State.SUSPENDED, bytes_done=199 * PART, why="no network"),
    transfer(5, State.DONE, size=1234, bytes_done=1234, path="/home/ana/映画のフィルム.mov"),
    transfer(
        6,
        State.CANCELLED,
        why="The upload was cancelled. Run the same command again to begin anew.",
    ),
    transfer(
        7,
        State.FAILED,
        path="/tmp/ev\x1b]0;il\x07[red].mov",
        why=f"The storage refuses the parts: 403 AccessDenied. {KEPT}",
    ),
    transfer(
        1208,
        State.SUSPENDED,
        kind="download",
        size=0,
        path="/d/" + "long " * 30,
        why="its process ended",
    ),
]

GROUPS = {"film": Group("film", "film", False), "user:1": Group("user:1", "Personal", True)}


def others(number: int, **fields: object) -> Upload:
    return upload(id=f"{number:026}", **fields)


LISTED = Listed(
    [
        upload(bytes_done=100 * 1024 * 1024),
        others(2, name="Ton, Schnitt 3.wav", owner="ben", yours=False, status="paused"),
        others(3, touched_at=NOW_MS - 61_000, group="user:1", created_at=NOW_MS - 200_000),
        others(4, name="映画のフィルム.mov", status="complete", bytes_done=41 * PART - 1234),
        others(5, name="leer", size=0, status="complete", created_at=NOW_MS - 3 * 86_400_000),
        others(
            6, name="evil\x1b[2J\u202e[red]name", status="cancelled", owner="b\x07n", yours=False
        ),
    ],
    True,
    GROUPS,
)


def _transfers(*numbers: int, width: int) -> Callable[[], str]:
    return lambda: plain(shelf_view.as_rows([TRANSFERS[n - 1] for n in numbers], width), width)


def _transfers_in_json() -> str:
    return "\n".join(shelf_view.as_json(each, "ana at https://a.example/") for each in TRANSFERS)


def _board(seen: Look, width: int, height: int) -> Callable[[], str]:
    return lambda: plain(board_view.picture(seen, width, height, styled=False), width)


def _status(seen: Look, width: int) -> Callable[[], str]:
    return lambda: plain(status.as_page(seen, width), width)


def _list(width: int) -> Callable[[], str]:
    return lambda: plain(listing.table(LISTED, NOW_MS, width), width)


PROGRESS = Progress(
    bytes_done=500_000_000,
    size=1_400_000_000,
    parts_done=95,
    parts=267,
    own_bytes=1000,
    own_rate=2_400_000,
    total_rate=9_000_000,
    sending=4,
    devices=3,
    eta_s=100.0,
    status="active",
    under_way=3_100_000,
)


def _progress() -> str:
    """The same moment for several names, alone and with others, in terminals of several widths."""
    names = ("", "film.mov", "2 of 6: Holiday in Norway - day 3 - 映画 - 1.jpg")
    steps = [PROGRESS, replace(PROGRESS, devices=1), replace(PROGRESS, status="paused")]
    return "\n".join(
        f"{width:>3} |{progress_line.line(name, told, width).plain}"
        for width in (120, 100, 80, 60, 40)
        for name in names
        for told in map(step, steps)
        if told
    )


PICTURES: dict[str, Callable[[], str]] = {
    "board": _board(UNDER_WAY, 100, 40),
    "board_narrow": _board(UNDER_WAY, 44, 24),
    "board_stored": _board(STORED, 80, 24),
    "board_large": _board(LARGE, 100, 30),
    "board_unanswered": _board(UNDER_WAY.later(20.0), 100, 40),
    "board_unbegun": _board(UNBEGUN, 80, 24),
    "status": _status(UNDER_WAY, 100),
    "status_narrow": _status(UNDER_WAY, 50),
    "status_idle": _status(IDLE, 80),
    "status_failed": _status(FAILED, 80),
    "list": _list(140),
    "list_narrow": _list(80),
    "list_60": _list(60),
    "list_very_narrow": _list(44),
    "progress": _progress,
    **{
        f"transfers_{each.state}": _transfers(each.id, width=100)
        for each in TRANSFERS[: len(State)]
    },
    "transfers": _transfers(*range(1, len(TRANSFERS) + 1), width=WIDEST),
    "transfers_narrow": _transfers(*range(1, len(TRANSFERS) + 1), width=60),
    "transfers_very_narrow": _transfers(*range(1, len(TRANSFERS) + 1), width=44),
    "transfers_json": _transfers_in_json,
}


def path(name: str) -> Path:
    return GOLDEN / f"{name}.txt"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--renew", action="store_true", help="write them; else they are printed")
    renew = asked.parse_args().renew
    for name, picture in PICTURES.items():
        if renew:
            path(name).write_text(picture() + "\n")
        else:
            print(f"--- {name}\n{picture()}\n")


if __name__ == "__main__":
    main()
