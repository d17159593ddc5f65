"""What lies in a file, part by part, compared with the manifest.

It is asked of two files: the one on its way, of which only the places that may hold data are worth
reading, and one that stands at the target already, of which every part must match.
"""

import hashlib
from pathlib import Path

from manyhands.download import disk
from manyhands.download.manifest import Manifest

BLOCK = 1024 * 1024


class Content:
    """``file`` is an open handle, which is not closed here. Raises DiskFailed."""

    def __init__(self, file: int, path: Path, manifest: Manifest) -> None:
        self._file, self._path, self._manifest = file, path, manifest

    def candidates(self) -> list[int]:
        """The parts that may be there, in order."""
        plan = self._manifest.plan
        if not plan.size:
            return [1]
        found: set[int] = set()
        for data in disk.data_ranges(self._file, plan.size):
            first, last = data.start // plan.part_size, (data.stop - 1) // plan.part_size
            found.update(range(first + 1, min(last + 1, plan.count) + 1))
        return sorted(found)

    def holds(self, part: int) -> bool:
        """Whether the part is what the manifest says; reads and hashes it."""
        plan, digest = self._manifest.plan, hashlib.sha256()
        at, end = plan.offset(part), plan.offset(part) + plan.length(part)
        while at < end:
            block = self._read(min(BLOCK, end - at), at)
            if not block:
                return False
            digest.update(block)
            at += len(block)
        return digest.digest() == self._manifest.digest(part)

    def _read(self, size: int, offset: int) -> bytes:
        try:
            return disk.read_at(self._file, size, offset)
        except OSError as error:
            raise disk.said(error, self._path) from error
