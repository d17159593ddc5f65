"""``python -m tests.simulation.planted``: hunt every planted bug and print the table."""

import sys

from tests.simulation.planted.hunting import PATCHES, hunt

HEADING = f"{'planted bug':<38} {'seeds':>6} {'broke':<20} what it does"


def main() -> int:
    print(HEADING)
    missed = 0
    for patch in PATCHES:
        found = hunt(patch)
        missed += found.seed < 0
        print(found.line, flush=True)
    print(f"{len(PATCHES) - missed} of {len(PATCHES)} found")
    return missed > 0


if __name__ == "__main__":
    sys.exit(main())
