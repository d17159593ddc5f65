"""Runs a document's session against a stack of its own; a process, because moto is one for each."""

import doctest
import os
import sys
from pathlib import Path

from local.people import PASSWORD
from local.stack import Options, Stack
from tests.calls import PART


def main(document: str) -> int:
    Path("Holiday film.mov").write_bytes(os.urandom(2 * PART + 5))
    with Stack(Options(sweep_every_s=3_600)) as stack:
        names = {"URL": stack.url, "PASSWORD": PASSWORD}
        found = doctest.testfile(document, module_relative=False, globs=names, encoding="utf-8")
    print(f"{found.attempted} tried")
    return 1 if found.failed or found.attempted < 15 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
