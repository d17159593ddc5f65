"""Sentences for a person: on a terminal broken between words, and never within a «command».

A command that is broken in two could not be copied. What is no terminal gets each sentence whole,
because nobody knows how wide it will be read.
"""

import re
import shutil
import sys
import textwrap

import typer

STAND_IN = "\N{NO-BREAK SPACE}"
COMMAND = re.compile("«[^»]*»")


def say(text: str, *, err: bool = False) -> None:
    stream = sys.stderr if err else sys.stdout
    width = shutil.get_terminal_size().columns
    typer.echo(fitting(text, width) if stream.isatty() else text, err=err)


def fitting(text: str, width: int) -> str:
    """In lines of at most ``width``, unless a word or a command is longer."""
    whole = COMMAND.sub(lambda found: found[0].replace(" ", STAND_IN), text)
    lines = [_broken(line, width) for line in whole.split("\n")]
    return "\n".join(lines).replace(STAND_IN, " ")


def _broken(line: str, width: int) -> str:
    return textwrap.fill(line, max(1, width), break_long_words=False, break_on_hyphens=False)
