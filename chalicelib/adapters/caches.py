"""Pages of manifests, kept in the process's memory.

A page is written once and never changes, and its key contains the generation, so what was read
once is right for ever. That a page is not there is not kept: it may come the next moment. 256
pages are 1 MB and 160 GB of files.
"""

import threading
from collections import OrderedDict

from chalicelib.ports import Manifests

Key = tuple[str, int, int]


class CachedManifests:
    """The port ``Manifests``, in front of another."""

    def __init__(self, inner: Manifests, pages: int = 256) -> None:
        self._inner, self._room = inner, pages
        self._pages: OrderedDict[Key, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, id: str, generation: int, page: int, digests: bytes) -> bytes:
        standing = self._inner.put(id, generation, page, digests)
        self._keep((id, generation, page), standing)
        return standing

    def get(self, id: str, generation: int, page: int) -> bytes | None:
        key = (id, generation, page)
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        digests = self._inner.get(id, generation, page)
        if digests is not None:
            self._keep(key, digests)
        return digests

    def whole(self, id: str, generation: int) -> bytes:
        return self._inner.whole(id, generation)

    def remove(self, id: str, generation: int) -> None:
        with self._lock:
            for key in [k for k in self._pages if k[:2] == (id, generation)]:
                del self._pages[key]
        self._inner.remove(id, generation)

    def _keep(self, key: Key, digests: bytes) -> None:
        with self._lock:
            self._pages[key] = digests
            self._pages.move_to_end(key)
            if len(self._pages) > self._room:
                self._pages.popitem(last=False)
