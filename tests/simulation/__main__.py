"""``python -m tests.simulation``: replay a seed with its story, or run many for long.

--seed N                     tell the story of one seed
--seeds A-B                  run these; the first that fails is made small and told
--for SECONDS                stop after so long
--processes N                share the seeds
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.run import Figures, SeedFailed, report, run
from tests.simulation.tape import Tape
from tests.simulation.world import played


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seeds", default="0-999999")
    parser.add_argument("--for", dest="seconds", type=float, default=float("inf"))
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    if asked.seed is not None:
        return tell(asked.seed)
    first, _, last = asked.seeds.partition("-")
    return soak(int(first), int(last), asked.seconds, asked.processes)


def tell(seed: int) -> int:
    told: list[str] = []
    world, failure = played(Tape(seed), told)
    print("\n".join(told))
    if failure is not None:
        print(report(seed, failure))
    print(f"seed {seed}: {world.steps} steps, {failure or 'all is well'}")
    return failure is not None


def soak(first: int, last: int, seconds: float, processes: int) -> int:
    try:
        with ProcessPoolExecutor(processes) as pool:
            shares = [range(first + n, last + 1, processes) for n in range(processes)]
            for figures in pool.map(run, shares, [seconds] * processes):
                show(figures)
    except SeedFailed as failed:
        print(failed)
        return 1
    return 0


def show(figures: Figures) -> None:
    print(figures)
    print(", ".join(f"{what} {count}" for what, count in figures.seen.most_common()))


if __name__ == "__main__":
    sys.exit(main())
