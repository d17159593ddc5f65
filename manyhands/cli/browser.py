"""Whether there is a browser to open, and opening it.

A browser that runs in the terminal would take it over, so without a screen there is none, unless
``BROWSER`` names one: remote desktops and editors set it to a program that opens one elsewhere.
"""

import threading
import webbrowser
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import typer

from manyhands.account.keyrings import at_a_screen


def found(environment: Mapping[str, str]) -> bool:
    if not environment.get("BROWSER") and not at_a_screen(environment):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def show(url: str) -> None:
    """Say where."""
    typer.echo(f"Open this address in a browser on this machine to sign in:\n\n  {url}\n", err=True)


def show_only(url: str) -> None:
    """Say where, and what to do if this machine has no browser."""
    show(url)
    port = urlsplit(parse_qs(urlsplit(url).query)["redirect_uri"][0]).port
    typer.echo(
        f"Over SSH: «ssh -L {port}:127.0.0.1:{port} THIS-MACHINE» on the machine with the browser, "
        "then open it there; or sign in by «manyhands login --username NAME».",
        err=True,
    )


def open_too(url: str) -> None:
    """Say where as well, for the browser that does not come up."""
    show(url)
    # Some stay in the foreground until they are closed; the answer may come long before.
    threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()
