"""Everything that can go wrong, in one tree. Each error ends the command with its exit code.

    ManyhandsError            255  unexpected
    ├── UploadFailed            1  the upload did not come to its end
    │   ├── FileChanged            the file is not what it was when the upload began
    │   ├── ContentDiffers         an upload of just this content belongs to another file
    │   ├── UploadEnded            cancelled, expired or failed, here or elsewhere
    │   ├── StorageRefused         the storage takes none of the parts
    │   ├── OutOfReach             no answer for a long time
    │   └── Paused                 by the user, from here or from another terminal
    ├── DownloadFailed          1  the download did not come to its end
    │   ├── NotComplete            the upload is not there to be downloaded, yet or any more
    │   ├── StoredDiffers          the storage's bytes are not those of the manifest
    │   ├── Withheld               the storage gives none of the parts
    │   ├── NothingArrives         no part for a long time
    │   ├── DiskFull               no room for the file, or no more
    │   └── DiskFailed             the disk refuses for another reason
    ├── Stopped           130/143  by Ctrl-C, or by SIGTERM
    ├── OutputLost        141/255  nobody reads stdout any more, or its disk is full
    ├── BadInput              252  what was asked for cannot be done
    │   ├── NoSuchFile / NotAFile / Unreadable
    │   ├── FileTooLarge
    │   ├── BadRate / BadAddress / BadProfile / BadBinding
    │   ├── NoSuchGroup / NoSuchTransfer / NotNow
    │   └── TargetExists / TargetUnusable / TargetBusy
    ├── NotReady              253  nothing can be done before this is mended
    │   ├── NotSignedIn / WrongPassword / NewPasswordNeeded / SignInRefused
    │   ├── SignInTimedOut / PortsTaken
    │   ├── NotConfigured / NoSuchProfile / StoreUnusable
    │   └── NewerDatabase
    ├── Refused               254  the service said no; ``code`` is the protocol's
    ├── Unreachable           255  no connection, or no answer
    └── NotUnderstood         255  an answer that is not in the protocol

The exit codes are the AWS command line's, so scripts that know those need learn nothing new; 2 is
a mistake on the command line. A message says what happened, what is kept and what to do now.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

KEPT = "What was uploaded so far is kept; run the same command again to go on."
KEPT_BESIDE = "What has arrived is kept beside the target."
KEPT_HERE = f"{KEPT_BESIDE[:-1]}; run the same command again to go on."


class ManyhandsError(Exception):
    """The root. ``exit_code`` is what the command ends with."""

    exit_code: int = 255
    text: ClassVar[str] = "Something unexpected happened."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.text
        super().__init__(self.message)


class UploadFailed(ManyhandsError):
    exit_code = 1
    text = f"The upload did not come to its end. {KEPT}"


class FileChanged(UploadFailed):
    text = (
        "The file changed while it was being uploaded, so nothing more was sent. "
        "Run the command again once it is no longer being written."
    )


class ContentDiffers(UploadFailed):
    text = "Your file differs from the one being uploaded. That upload is unharmed."


class UploadEnded(UploadFailed):
    """The board says that the upload is over. ``status``: how."""

    def __init__(self, message: str, status: str = "") -> None:
        super().__init__(message)
        self.status = status


class StorageRefused(UploadFailed):
    """The storage answers, and refuses part after part."""


class OutOfReach(UploadFailed):
    def __init__(self, reason: str) -> None:
        super().__init__(f"Nothing has succeeded for a long time ({reason}). {KEPT}")


class Paused(UploadFailed):
    text = "Paused. What was sent is kept; «manyhands resume» goes on with it."


class DownloadFailed(ManyhandsError):
    exit_code = 1
    text = f"The download did not come to its end. {KEPT_HERE}"

    def keeping(self) -> Self:
        """The same, for when there is something that is kept."""
        return type(self)(f"{self.message} {KEPT_BESIDE}")


class NotComplete(DownloadFailed):
    """The upload has no stored object: not yet, or not any more."""


class StoredDiffers(DownloadFailed):
    """The storage gives other bytes than the manifest says, again and again."""


class Withheld(DownloadFailed):
    """The storage answers, and refuses one fresh URL after another."""


class NothingArrives(DownloadFailed):
    def __init__(self, reason: str) -> None:
        super().__init__(f"No part has arrived for a long time ({reason}). {KEPT_HERE}")


class DiskFull(DownloadFailed):
    """No room: said before the first byte where the system can tell."""


class DiskFailed(DownloadFailed):
    """Writing or reading the file on its way went wrong."""


class OutputLost(ManyhandsError):
    """Nobody reads what is printed any more, or there is no room for it."""

    def __init__(self, error: OSError, kept: str = KEPT) -> None:
        super().__init__(f"The output cannot be written: {error.strerror}. {kept}".rstrip())
        self.is_pipe = isinstance(error, BrokenPipeError)
        self.exit_code = 141 if self.is_pipe else 255


class Stopped(ManyhandsError):
    """By a signal; the tickets were given back. ``signal_number`` decides the exit code."""

    def __init__(self, signal_number: int, kept: str = KEPT) -> None:
        super().__init__(f"Stopped. {kept}")
        self.exit_code = 128 + signal_number


class BadInput(ManyhandsError):
    exit_code = 252


class NoSuchFile(BadInput):
    """There is nothing at this path."""


class NotAFile(BadInput):
    """A directory, a pipe, a device: nothing of one fixed size that can be read twice."""


class Unreadable(BadInput):
    """It is there, and may not be read."""


class FileTooLarge(BadInput):
    """Larger than the service takes."""


class BadRate(BadInput):
    """Not a rate such as 300K, 2M or 1.5M."""


class BadAddress(BadInput):
    """Not the address of a Manyhands service."""


class BadProfile(BadInput):
    """Not a name that a profile can have."""


class BadBinding(BadInput):
    """Neither an address nor an interface of this machine."""


class NoSuchGroup(BadInput):
    """No group of the caller has this id or name."""


class NoSuchTransfer(BadInput):
    """No transfer on this machine has this number."""


class NotNow(BadInput):
    """What was asked for means nothing to a transfer in this state."""


class TargetExists(BadInput):
    """There is another file at the target, and it was not said to overwrite it."""


class TargetUnusable(BadInput):
    """No such folder, or it may not be written to, or something else stands there."""


class TargetBusy(BadInput):
    """Another process fetches the same upload to the same place."""


class NotReady(ManyhandsError):
    exit_code = 253


class NotSignedIn(NotReady):
    text = "You are not signed in. Please run «manyhands login URL» first."


class WrongPassword(NotReady):
    text = "Wrong user name or password."


class NewPasswordNeeded(NotReady):
    text = (
        "This account needs a new password before its first use. "
        "Run «manyhands login URL» in a terminal, which asks for one."
    )


class SignInRefused(NotReady):
    """The sign-in service said no for another reason than the password."""


class SignInTimedOut(NotReady):
    text = (
        "Nobody signed in in the browser in time. Run the command again, or sign in "
        "without a browser: «manyhands login --username NAME»."
    )


class PortsTaken(NotReady):
    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(
            "The browser cannot come back here: other programs use the ports "
            f"{', '.join(str(port) for port in ports)}. End one of them (another sign-in?), "
            "or sign in without a browser: «manyhands login --username NAME»."
        )


class NotConfigured(NotReady):
    """There is no address yet, or it does not say where to sign in."""


class NoSuchProfile(NotReady):
    def __init__(self, name: str, there: Sequence[str]) -> None:
        others = f" There are: {', '.join(there)}." if there else ""
        super().__init__(
            f"There is no profile «{name}». "
            f"Make it with «manyhands --profile {name} login URL».{others}"
        )


class StoreUnusable(NotReady):
    """What is remembered, a profile or a sign-in, cannot be read or written."""


class NewerDatabase(NotReady):
    text = (
        "The list of transfers was written by a newer Manyhands. "
        "Please update this one; nothing was changed."
    )


class Refused(ManyhandsError):
    """The service said no. ``details`` holds what a program needs to act."""

    exit_code = 254

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int,
        retryable: bool = False,
        retry_after_s: float = 0.0,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.status, self.retryable = code, status, retryable
        self.retry_after_s = retry_after_s
        self.details: Mapping[str, Any] = details or {}


class Unreachable(ManyhandsError):
    """No connection, or no answer in time."""


class NotUnderstood(ManyhandsError):
    """An answer of another shape than the protocol's, as a captive portal gives."""
