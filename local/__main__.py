"""``python -m local``: the whole system on this machine, until Ctrl-C."""

import argparse
import logging
import os
import signal
import sys
import threading
import webbrowser
from functools import partial
from pathlib import Path

from rich.console import Console

from chalicelib.adapters.logs import speak
from local.demo.story import tell
from local.people import PASSWORD, SAMPLES
from local.stack import LOOPBACK, Options, Stack
from local.strict.gate import KEY, SECRET

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def main() -> int:
    asked = _arguments()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # a full pool is no news here
    if asked.log:
        speak(asked.log.open("a", buffering=1))
    console = Console(highlight=False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(asked, console)
    except KeyboardInterrupt:
        console.print("\nStopped.")
        return 130
    except OSError as error:
        where = f"{asked.host}:{asked.port}"
        console.print(f"Cannot listen at {where}: {error.strerror}. Choose another PORT or HOST.")
        return 1


def _run(asked: argparse.Namespace, console: Console) -> int:
    options = Options(host=asked.host, port=asked.port, other_origins=tuple(asked.other_origin))
    with Stack(options) as stack:
        _greet(stack, console)
        show = partial(_show, console, opens=asked.open and not asked.once)
        right = tell(stack, console, show) if asked.demo else True
        if not asked.once:
            _invite(stack, console)
            _wait(console)
        return 0 if right else 1


def _show(console: Console, address: str, *, opens: bool) -> None:
    """In a browser, if there is one to be seen; the address is said in any case."""
    console.print(f"Watch it in the browser: [bold]{address}[/bold]\n", soft_wrap=True)
    visible = sys.platform in {"darwin", "win32"} or any(os.environ.get(d) for d in DISPLAYS)
    if opens and visible:
        webbrowser.open(address)


def _wait(console: Console) -> None:
    """Until Ctrl-C, which is how this is meant to end."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("\nStopped.")


def _greet(stack: Stack, console: Console) -> None:
    console.print(f"\n[bold]Manyhands[/bold] runs at [bold]{stack.url}[/bold]\n")


def _invite(stack: Stack, console: Console) -> None:
    names = ", ".join(f"{s.name} ({', '.join(s.groups)})" for s in SAMPLES)
    console.print(
        f"\n[bold]Try it[/bold] at [bold]{stack.url}[/bold] in several browsers at once "
        "(a private window is another one):\n"
        "choose the same file in each, or «Help with this file».\n"
        f"  people (groups): {names}; password: {PASSWORD}\n"
        f"  mails: {stack.url}/outbox\n\n"
        "Or, and also at the same time, on the command line:\n"
        f"  .venv/bin/manyhands login {stack.url} --username ana\n"
        "  .venv/bin/manyhands upload FILE --group film\n\n"
        "Groups, people and limits (docs/groups.md):\n"
        f"  {_admin(stack)} usage\n\n"
        "Ctrl-C ends everything.",
        soft_wrap=True,
    )


def _admin(stack: Stack) -> str:
    """The operator's command, which finds AWS as every AWS tool does."""
    said = {"ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"], "ACCESS_KEY_ID": KEY}
    said |= {"SECRET_ACCESS_KEY": SECRET}
    environment = " ".join(f"AWS_{name}={value}" for name, value in said.items())
    ref = stack.resources.references.ref
    place = f"--pool {ref('Pool')} --table {ref('Table')}"
    return f"{environment} .venv/bin/manyhands admin {place}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="where to listen; 0.0.0.0 for all")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--demo", action="store_true", help="begin with the demonstration")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    parser.add_argument("--once", action="store_true", help="end after it, 0 if all was right")
    others = "a page there may embed the uploader (docs/element.md); repeatable"
    parser.add_argument("--other-origin", action="append", default=[], metavar="URL", help=others)
    told = "where to write the functions' log and metrics as AWS would have them"
    parser.add_argument("--log", type=Path, metavar="FILE", help=told)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
