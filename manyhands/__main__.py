"""``python -m manyhands`` is the same as ``manyhands``."""

from manyhands.cli import main

main()
