import threading
from concurrent.futures import ThreadPoolExecutor

from chalicelib.adapters.caches import CachedManifests
from tests.fakes.manifests import FakeManifests

PAGE = b"d" * 32


def test_a_page_is_read_once() -> None:
    inner, cached = _both()
    inner.put("a", 1, 0, PAGE)
    assert [cached.get("a", 1, 0) for _ in range(3)] == [PAGE] * 3
    assert inner.reads == 1


def test_a_page_that_was_put_here_is_never_read() -> None:
    inner, cached = _both()
    cached.put("a", 1, 0, PAGE)
    assert cached.get("a", 1, 0) == PAGE
    assert inner.reads == 0


def test_a_page_that_somebody_else_put_first_is_the_one_that_is_kept() -> None:
    inner, cached = _both()
    inner.put("a", 1, 0, PAGE)
    cached.put("a", 1, 0, b"other" * 8)
    assert cached.get("a", 1, 0) == PAGE


def test_that_a_page_is_missing_is_asked_again_every_time() -> None:
    inner, cached = _both()
    assert [cached.get("a", 1, 0) for _ in range(3)] == [None] * 3
    assert inner.reads == 3


def test_the_page_that_was_used_longest_ago_makes_room() -> None:
    inner, cached = _both(pages=2)
    for page in (0, 1):
        cached.put("a", 1, page, PAGE)
    cached.get("a", 1, 0)
    cached.put("a", 1, 2, PAGE)
    cached.get("a", 1, 0)
    cached.get("a", 1, 2)
    assert inner.reads == 0
    cached.get("a", 1, 1)
    assert inner.reads == 1


def test_threads_do_not_disturb_each_other() -> None:
    inner, cached = _both(pages=3)
    for page in range(8):
        inner.put("a", 1, page, bytes([page]))
    start = threading.Barrier(4)

    def read(_: int) -> bool:
        start.wait()
        return all(cached.get("a", 1, n % 8) == bytes([n % 8]) for n in range(4_000))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read, range(4)))


def _both(pages: int = 64) -> tuple[FakeManifests, CachedManifests]:
    inner = FakeManifests()
    return inner, CachedManifests(inner, pages)
