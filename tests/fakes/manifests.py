"""Manifests in memory."""


class FakeManifests:
    """The port ``Manifests``. ``reads`` counts the pages that were asked for."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, int, int], bytes] = {}
        self.reads = 0

    def put(self, id: str, generation: int, page: int, digests: bytes) -> bytes:
        return self._pages.setdefault((id, generation, page), digests)

    def get(self, id: str, generation: int, page: int) -> bytes | None:
        self.reads += 1
        return self._pages.get((id, generation, page))

    def whole(self, id: str, generation: int) -> bytes:
        return b"".join(self._pages[key] for key in self._keys(id, generation))

    def remove(self, id: str, generation: int) -> None:
        for key in self._keys(id, generation):
            del self._pages[key]

    def _keys(self, id: str, generation: int) -> list[tuple[str, int, int]]:
        return sorted(key for key in self._pages if key[:2] == (id, generation))
