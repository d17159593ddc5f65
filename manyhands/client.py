"""The library: ``from manyhands import Client``.

A small face for programs: blocking, typed, one call for each thing that a person does. Whoever
wants to see how far a call is passes ``on_event`` and gets the events of ``manyhands.events``, from
the thread that made the call. Nothing is printed, no signal is caught, and nothing is remembered
between two programs: the same upload or download again goes on where it was all the same, because
the board and the disk know what is there. (The command line also remembers digests.)
"""

import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from manyhands.account import signing
from manyhands.account.auth import StoredSession
from manyhands.account.folder import home
from manyhands.account.keyrings import system_keyring
from manyhands.account.passing import PassingStore
from manyhands.account.profiles import Profiles, chosen
from manyhands.account.store import Store
from manyhands.download import runner as downloading
from manyhands.download.target import path_of
from manyhands.events import Downloaded, Ended, Event
from manyhands.files.hashing import Digests
from manyhands.files.reader import PartReader, identify
from manyhands.net.api import Api
from manyhands.net.limiter import Limiter
from manyhands.net.schedule import schedule_of
from manyhands.net.transport import PoolTransport
from manyhands.parts import PartPlan
from manyhands.upload import runner as uploading
from manyhands.wire import Group, Upload, UploadReply

Listen = Callable[[Event], None]


def _nobody(event: Event) -> None:
    """Nobody listens."""


class Client:
    """A service, and somebody who is signed in to it.

    Every method raises ManyhandsError: ``Refused`` with the protocol's ``code``, ``Unreachable``,
    ``NotSignedIn``, and what is said beside it. Safe to share between threads.
    """

    def __init__(self, profile: str = "") -> None:
        """As ``manyhands login`` remembers it. Raises NotSignedIn, NoSuchProfile, StoreUnusable."""
        name, folder = chosen(profile, os.environ), home(os.environ)
        url = Profiles(folder).url(name, os.environ)
        store = Store(folder, name, url=url, keyring=system_keyring(os.environ))
        self._begin(StoredSession(store, PoolTransport()))

    @classmethod
    def sign_in(cls, url: str, username: str, password: str) -> Self:
        """Signed in for this process only. Raises BadAddress, NotConfigured, WrongPassword."""
        transport = PoolTransport()
        account = signing.by_password(
            url, username, password, new_password=None, transport=transport
        )
        client = cls.__new__(cls)
        client._begin(StoredSession(PassingStore(account), transport))
        return client

    def _begin(self, session: StoredSession) -> None:
        self._session = session
        self._api = Api(session.account.api, session, PoolTransport())

    @property
    def username(self) -> str:
        return self._session.account.username

    def groups(self) -> list[Group]:
        """The groups one is in, the personal one among them."""
        return self._api.me().groups

    def uploads(self, group: str = "") -> Iterator[Upload]:
        """Newest first: of the group with this id, or of all one's groups, each in turn."""
        for id in [group] if group else [each.id for each in self.groups()]:
            page = self._api.uploads(id)
            yield from page.uploads
            while page.next:
                page = self._api.uploads(id, page.next)
                yield from page.uploads

    def look(self, upload: str) -> UploadReply:
        """One upload and its board: status, progress, devices."""
        return self._api.upload(upload)

    def upload(
        self,
        path: str | os.PathLike[str],
        *,
        group: str = "",
        name: str = "",
        label: str = "",
        helps: str = "",
        limit_rate: str = "",
        wait: bool = True,
        on_event: Listen = _nobody,
    ) -> Ended:
        """Upload a file, together with every other device that does.

        ``group``: id or name, "" for the personal one; ``helps``: the upload it must belong to;
        ``limit_rate``: ``300K``, or ``2M, 500K from 8 to 18``; ``wait``: until it is stored. Raises
        NoSuchFile, NotAFile, Unreadable, NoSuchGroup, FileChanged, ContentDiffers, UploadEnded,
        StorageRefused, OutOfReach.
        """
        job = uploading.Job(
            path=Path(path),
            label=label or f"a program on {platform.node() or 'an unnamed device'}",
            group=group,
            name=name,
            limiter=Limiter(schedule_of(limit_rate)),
            wait=wait,
            helps=helps,
        )
        return uploading.Runner(job, self._api, on_event).run()

    def download(
        self,
        upload: str,
        target: str | os.PathLike[str] | None = None,
        *,
        overwrite: bool = False,
        limit_rate: str = "",
        on_event: Listen = _nobody,
    ) -> Downloaded:
        """Download a stored file, every part of it compared.

        ``target``: a file, or a folder for the file's own name. Raises NotComplete, TargetExists,
        TargetUnusable, DiskFull, StoredDiffers, NothingArrives.
        """
        job = downloading.Job(
            upload=upload,
            target=path_of(os.fspath(target)) if target is not None else None,
            overwrite=overwrite,
            limiter=Limiter(schedule_of(limit_rate)),
        )
        return downloading.Runner(job, self._api, on_event).run()

    def is_same(self, path: str | os.PathLike[str], upload: str) -> bool:
        """Whether the file is, part by part, what was uploaded. Raises NoSuchFile, FileChanged."""
        theirs, file = self._api.upload(upload).upload, Path(path)
        identity = identify(file)
        if identity.size != theirs.size:
            return False
        digests = Digests(PartPlan(theirs.size, theirs.part_size))
        with PartReader(file, identity) as reader:
            for part in range(1, digests.plan.count + 1):
                digests.of(part, reader)
        return digests.checksum == theirs.checksum

    def pause(self, upload: str) -> Upload:
        """For everybody, until somebody resumes it."""
        return self._api.move(upload, "pause").upload

    def resume(self, upload: str) -> Upload:
        """For everybody."""
        return self._api.move(upload, "resume").upload

    def cancel(self, upload: str) -> Upload:
        """For everybody; what was sent is thrown away. Only its owner may."""
        return self._api.move(upload, "cancel").upload

    def delete(self, upload: str) -> None:
        """The stored file. Only its owner may."""
        self._api.delete(upload)
