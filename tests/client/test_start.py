"""What a command imports before it does anything: nobody waits for what is not used."""

import subprocess
import sys

import pytest

SHOW = """
import sys
from manyhands.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    print("imported:", *sorted(sys.modules))
"""
DEAR = {
    "asyncio",
    "http.client",
    "http.server",
    "keyring",
    "msgspec",
    "rich",
    "sqlite3",
    "ssl",
    "urllib3",
    "webbrowser",
}


def imported(*arguments: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", SHOW, *arguments], capture_output=True, text=True, check=True
    )
    return set(run.stdout.splitlines()[-1].split()[1:])


def test_the_version_needs_next_to_nothing() -> None:
    modules = imported("--version")
    assert not modules & DEAR
    assert {name for name in modules if name.startswith("manyhands")} == {
        "manyhands",
        "manyhands.cli",
        "manyhands.cli.about",
        "manyhands.cli.commands",
        "manyhands.cli.known",
        "manyhands.cli.main",
        "manyhands.cli.saying",
        "manyhands.cli.settings",
        "manyhands.errors",
        "manyhands.words",
    }


def test_a_mistyped_command_needs_no_other() -> None:
    assert not imported("uplaod") & DEAR


def test_only_signing_in_needs_a_browser_and_a_server_for_it() -> None:
    needed = {"http.server", "webbrowser"}
    assert needed <= imported("login", "--help")
    for command in ("upload", "download", "status", "transfers", "verify"):
        assert not imported(command, "--help") & (needed | {"asyncio", "keyring"})


@pytest.mark.parametrize("name", ["Client", "Refused"])
def test_the_library_has_what_it_promises(name: str) -> None:
    show = f"from manyhands import {name}, __all__; print({name}.__name__ in __all__)"
    run = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert run.stdout == "True\n"
