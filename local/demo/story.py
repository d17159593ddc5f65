"""The story: what happens when, and what is printed."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live

from local.demo import view
from local.demo.devices import Device, Spec
from local.demo.proof import claims, sent_mail
from local.demo.watch import Watcher
from local.stack import Stack

SIZE = 200_000_000
GROUP = "film"
LAPTOP = Spec("laptop", "ana", "6M")
DESKTOP = Spec("desktop", "ben", "10M")
PHONE = Spec("phone", "ana", "8M")
LATE, DEATH = 0.2, 0.5
"""At which share of the file the phone joins and the desktop is killed."""

LOOK_S = 0.25
LINE_S = 3.0
PATIENCE_S = 150.0
OVER = frozenset({"complete", "failed", "cancelled", "expired"})


class DemonstrationFailed(Exception):
    """Something did not happen that should have."""


def tell(stack: Stack, console: Console, show: Callable[[str], None]) -> bool:
    """Run the demonstration; True if all of it was right. ``show``: open this address to watch."""
    with tempfile.TemporaryDirectory(prefix="manyhands-") as name, ExitStack() as ending:
        folder = Path(name)
        file = _make_file(folder, console)
        devices = [Device(spec, stack.url, folder) for spec in (LAPTOP, DESKTOP, PHONE)]
        for device in devices:
            ending.callback(device.stop)
        watcher = Watcher(stack.url, "ben")
        begun = time.monotonic()
        try:
            telling = _Telling(watcher, devices, file, console)
            upload = telling.begin()
            show(f"{stack.url}/sign-in-as/{LAPTOP.person}#/uploads/{upload}")
            answer = telling.watch(upload)
        except DemonstrationFailed as failed:
            console.print(f"[red]The demonstration failed:[/red] {failed}", highlight=False)
            return False
        _wait_for(devices[0], devices[2])
        console.print(f"\nAll in after {time.monotonic() - begun:.1f} s. Was it right?\n")
        return _prove(stack, watcher, answer, file, console)


class _Telling:
    """The part that moves: who starts, who dies, what the board looks like meanwhile."""

    def __init__(
        self, watcher: Watcher, devices: list[Device], file: Path, console: Console
    ) -> None:
        self._watcher, self._file, self._console = watcher, file, console
        self._laptop, self._desktop, self._phone = devices
        self._waiting = [(LATE, self._join_late), (DEATH, self._die)]
        self._news = "laptop and desktop begin"
        self._said_at = 0.0

    def begin(self) -> str:
        """The upload's id. Raises DemonstrationFailed."""
        self._laptop.start(self._file, GROUP)
        self._desktop.start(self._file, GROUP)
        return self._opened()

    def watch(self, upload: str) -> dict[str, Any]:
        """The upload once it is over. Raises DemonstrationFailed."""
        deadline = time.monotonic() + PATIENCE_S
        with Live(console=self._console, auto_refresh=False, transient=False) as live:
            while time.monotonic() < deadline:
                answer = self._watcher.upload(upload)
                self._happen(answer)
                self._show(live, answer)
                if answer["upload"]["status"] in OVER:
                    return answer
                time.sleep(LOOK_S)
        raise DemonstrationFailed(f"it took longer than {PATIENCE_S:.0f} s")

    def _opened(self) -> str:
        for _ in range(200):
            for event in self._laptop.events():
                if event["event"] == "opened":
                    return str(event["upload"])
            if self._laptop.ended():
                break
            time.sleep(0.1)
        raise DemonstrationFailed(self._laptop.complaint() or "the laptop never began")

    def _happen(self, answer: dict[str, Any]) -> None:
        upload = answer["upload"]
        if self._waiting and upload["bytes_done"] >= self._waiting[0][0] * upload["size"]:
            _, event = self._waiting.pop(0)
            event()

    def _join_late(self) -> None:
        self._phone.start(self._file, GROUP)
        self._news = "the phone joins"

    def _die(self) -> None:
        self._desktop.kill()
        self._news = "the desktop is killed (SIGKILL); its tickets go to the others"

    def _show(self, live: Live, answer: dict[str, Any]) -> None:
        if self._console.is_terminal:
            live.update(view.board(answer, self._news), refresh=True)
        elif time.monotonic() - self._said_at >= LINE_S:
            self._said_at = time.monotonic()
            self._console.print(view.board(answer, self._news))


def _wait_for(*devices: Device) -> None:
    for device in devices:
        code = device.wait(timeout_s=30)
        if code:
            raise DemonstrationFailed(f"{device.spec.label}: {device.complaint()}")


def _prove(
    stack: Stack, watcher: Watcher, answer: dict[str, Any], file: Path, console: Console
) -> bool:
    right = True
    for claim in claims(stack, watcher, answer, file):
        mark = "[green]✓[/green]" if claim.true else "[red]✗[/red]"
        console.print(f"  {mark} {claim.text}  [dim]{claim.figures}[/dim]", highlight=False)
        right = right and claim.true
    console.print()
    console.print(view.devices(answer))
    mail = sent_mail(stack, answer["upload"]["id"])
    if mail is not None:
        console.rule(f"the mail to {mail.to}")
        console.print(f"Subject: {mail.subject}\n\n{mail.text}", highlight=False, markup=False)
        console.rule()
    return right


def _make_file(folder: Path, console: Console) -> Path:
    file = folder / "Holiday film.mov"
    with file.open("wb") as stream:
        for _ in range(SIZE // 1_000_000):
            stream.write(os.urandom(1_000_000))
    console.print(f"A file of {view.megabytes(SIZE)}, three devices, one S3 object:\n")
    return file
