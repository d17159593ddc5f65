"""The page's scripts in a node process: a JSON line for each call, a JSON line for its answer.

One process for all that is asked, because starting it takes a hundred times as long as asking.
Reads are bounded, and the process is ended by its own handle, whatever happened before.
"""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

NODE = Path(sys.prefix) / "bin" / "node"
SCRIPT = Path(__file__).with_name("node.mjs")
ANSWER_S = 20.0


class Node:
    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([NODE, SCRIPT], stdin=pipe, stdout=pipe)
        self._rest = b""
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.kill()
        self._process.wait(ANSWER_S)
        self._process.stdin.close()
        self._process.stdout.close()

    def call(self, do: str, **arguments: object) -> Any:
        """What the script answers. Raises RuntimeError with its stack, TimeoutError."""
        assert self._process.stdin
        line = json.dumps({"do": do, **arguments}).encode() + b"\n"
        self._process.stdin.write(line)
        self._process.stdin.flush()
        answer = json.loads(self._line())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["is"]

    def _line(self) -> bytes:
        assert self._process.stdout
        until = time.monotonic() + ANSWER_S
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._process.stdout], [], [], until - time.monotonic())
            if not ready:
                raise TimeoutError("node does not answer")
            more = os.read(self._process.stdout.fileno(), 1 << 20)
            if not more:
                raise RuntimeError(f"node has ended: {self._process.wait(ANSWER_S)}")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line
