"""The file on its way, as tests open and write it."""

from pathlib import Path

from manyhands.download.manifest import Manifest
from manyhands.download.part_file import PartFile
from tests.client.fake_board import content
from tests.client.fake_download import manifest_of

PART = 4096 * 4

DATA = content(5 * PART + 77)

MANIFEST = manifest_of(DATA, PART)


def opened(path: Path, manifest: Manifest = MANIFEST) -> PartFile:
    return PartFile(path, manifest, lambda old, new: None)


def write(file: PartFile, part: int, data: bytes = DATA, manifest: Manifest = MANIFEST) -> None:
    writer, plan = file.writer(), manifest.plan
    start = plan.offset(part)
    writer.write(memoryview(data)[start : start + plan.length(part)], start)
    writer.close()


def there(file: PartFile) -> set[int]:
    return {part for part in file.content.candidates() if file.content.holds(part)}
