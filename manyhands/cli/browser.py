"""Whether there is a browser to open, and opening it.

A browser that runs in the terminal would take it over, so without a screen there is none, unless
``BROWSER`` names one: remote desktops and editors set it to a program that opens one elsewhere.
"""

import threading
import webbrowser
from collections.abc import Mapping

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
    """Only say where."""
    typer.echo(f"Open this address in a browser on this machine to sign in:\n\n  {url}\n", err=True)


def open_too(url: str) -> None:
    """Say where as well, for the browser that does not come up."""
    show(url)
    # Some stay in the foreground until they are closed; the answer may come long before.
    threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()
