"""``python -m bench.browser``: one tab, one file; our page and Uppy in the same Chromium.

Uppy is the widely used uploader of the browser. Its page here is Uppy alone, without its Dashboard,
and it computes no checksum, so it does less than our page, which hashes each part and draws what
happens. Four of its settings stand beside ours: the current version as it comes; the same with
parts so large that their being sent one after another matters little (its version 6 does that,
issue 6547 of its repository); version 5, the last that sends six at a time; and that one with the
same duty as ours, a SHA-256 with each part. They sign in the browser, which its documents call the
fastest way, and need no server of their own.

Each takes its turn, round after round, against the storage that throws everything away
(``null_s3``); our page needs its service (``null_board``) beside it. Three lines: as fast as the
machine, 100 Mbit/s by Chromium's own throttle, and answers that come 50 ms late, by the servers,
since Chromium's latency is no addition, only a least duration. Then what a large file costs: the
main thread, the processor, memory, and how soon its first bytes arrive. Files are sparse: reading
them costs what reading from memory costs.
"""

import argparse
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as BrowserError

from bench.browsers.contestants import CONTESTANTS, Contestant, Places
from bench.browsers.first import first_byte
from bench.browsers.serving import pages
from bench.browsers.table import Sample, Scene, report
from bench.browsers.watching import Cost, watching
from bench.peers import ROOT
from bench.report import replace_between
from bench.servers import serving
from bench.setting import MIB
from tools.browser import launch, throttle

DOCUMENT = ROOT / "docs" / "benchmarks.md"
LATE_S = 0.05
MEGABITS = 100
SMALL, LARGE, HUGE = 200_000_000, 2_000_000_000, 50_000_000_000


@dataclass(frozen=True, slots=True)
class Course:
    """Where the contestants meet: a browser, the servers, a folder for files."""

    browser: Browser
    places: Places
    folder: Path


def main() -> int:
    asked = _arguments()
    load = os.getloadavg()[0]
    samples = [*_prompt(asked), *_late(asked)]
    text = report(CONTESTANTS, samples, load)
    print(text)
    if asked.write:
        replace_between(DOCUMENT, "one browser", text)
    return 1 if any(sample.error for sample in samples) else 0


def _prompt(asked: argparse.Namespace) -> Iterator[Sample]:
    """What is measured where answers come at once."""
    slow = Scene.SLOW, asked.size * MIB * 3 // 16
    with _course(0.0) as course:
        yield from _rounds(course, Scene.FAST, asked.size * MIB, asked.rounds)
        yield from _rounds(course, *slow, max(1, asked.rounds // 3), MEGABITS)
        if not asked.brief:
            for scene, size in ((Scene.SMALL, SMALL), (Scene.LARGE, LARGE)):
                yield from _rounds(course, scene, size, 1)
        yield from (_first(course, contestant) for contestant in CONTESTANTS)


def _late(asked: argparse.Namespace) -> Iterator[Sample]:
    with _course(LATE_S) as course:
        yield from _rounds(course, Scene.LATE, asked.size * MIB // 2, max(1, asked.rounds * 2 // 3))


@contextmanager
def _course(after_s: float) -> Iterator[Course]:
    with ExitStack() as ending:
        late = ("--after", str(after_s))
        storage = ending.enter_context(serving("bench.null_s3", *late)).url
        board = ending.enter_context(serving("bench.null_board", "--storage", storage, *late)).url
        places = Places(storage, board, ending.enter_context(pages()))
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="browser-")))
        browser = launch(ending.enter_context(sync_playwright()))
        ending.callback(browser.close)
        yield Course(browser, places, folder)


def _rounds(
    course: Course, scene: Scene, size: int, rounds: int, megabits: float = 0.0
) -> Iterator[Sample]:
    """Everybody once in each round."""
    for _ in range(rounds):
        for contestant in CONTESTANTS:
            yield _told(_one(course, contestant, scene, size, megabits))


def _one(
    course: Course, contestant: Contestant, scene: Scene, size: int, megabits: float
) -> Sample:
    page = contestant.open(course.browser, course.places)
    try:
        if megabits:
            throttle(page, megabits / 8)
        with watching(page) as cost:
            contestant.choose(page, sparse(course.folder, size))
            took = contestant.wait(page)
        return Sample(contestant.name, scene, size, took.stored, cost)
    except BrowserError as error:
        return Sample(contestant.name, scene, size, 0.0, Cost(), error.message.splitlines()[0])
    finally:
        page.context.close()


def _first(course: Course, contestant: Contestant) -> Sample:
    """When the first bytes of a huge file arrive; the rest is not waited for."""
    page = contestant.open(course.browser, course.places)
    try:
        file = sparse(course.folder, HUGE)
        seconds = first_byte(page, course.places.storage, lambda: contestant.choose(page, file))
        return _told(Sample(contestant.name, Scene.FIRST, HUGE, seconds, Cost()))
    finally:
        page.context.close()


def sparse(folder: Path, size: int) -> Path:
    """A file that is like no other: what is stored already is not sent again."""
    path = folder / f"{secrets.token_hex(4)}.bin"
    path.write_bytes(secrets.token_bytes(16))
    os.truncate(path, size)
    return path


def _told(sample: Sample) -> Sample:
    note = sample.error or f"{sample.seconds:.2f} s, {sample.cost.memory / 1e6:.0f} MB"
    print(f"{sample.scene.value}, {sample.name}: {note}", file=sys.stderr, flush=True)
    return sample


def _arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=__doc__)
    parser.add_argument("--size", type=int, default=512, help="MiB, without any limit")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--brief", action="store_true", help="without the memory of large files")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
