"""Looks for the first seed that fails, with the ``chalicelib`` and ``manyhands`` of the working
folder, and says it in one line: the seed, how many were told, what broke.

Run by ``planted`` in a copy with a bug in it.
"""

import sys
from pathlib import Path

import chalicelib.domain
import manyhands.engine
from tests.simulation.tape import Tape
from tests.simulation.world import played


def main() -> None:
    for package in (chalicelib.domain, manyhands.engine):
        assert Path(str(package.__file__)).is_relative_to(Path.cwd()), package.__file__
    most = int(sys.argv[1])
    for seed in range(most):
        _, failure = played(Tape(seed))
        if failure is not None:
            print(seed, getattr(failure, "name", type(failure).__name__), sep="\t")
            return
    print(-1, f"not found by {most} seeds", sep="\t")


if __name__ == "__main__":
    main()
