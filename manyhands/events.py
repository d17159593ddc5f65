"""What a run tells whoever shows it: a small union of frozen values.

Each is a JSON object with the field ``event`` when written out, so ``--json`` is nothing but these
types, one a line. Sizes are bytes, rates bytes a second, spans seconds: ``size`` is a whole file's,
``bytes`` that of some of its parts. Only fields are ever added; a reader skips events and fields
that it does not know.
"""

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="event", kw_only=True):
    """The root. ``event`` is the class's tag."""


class Hashing(Event, frozen=True, tag="hashing"):
    """How far the file is hashed."""

    bytes_hashed: int
    size: int


class Renamed(Event, frozen=True, tag="renamed"):
    """The service does not take the file's name, and the upload bears another."""

    name: str
    instead: str


class Opened(Event, frozen=True, tag="opened"):
    """``outcome``: *created*, or *joined* if the upload was there already."""

    outcome: str
    upload: str
    name: str
    group: str
    size: int
    parts: int
    part_size: int
    parts_done: int
    label: str


class Differs(Event, frozen=True, tag="differs"):
    """The upload joined is of another file; this one becomes an upload of its own."""

    upload: str


class PartSent(Event, frozen=True, tag="part_sent"):
    """The storage has a part that this process sent."""

    part: int
    bytes: int


class Progress(Event, frozen=True, tag="progress"):
    """``bytes_done``: by all devices, never less than before; ``own_bytes``: sent by this process.

    ``sending``: parts under way from here; ``devices``: at work now; ``eta_s``: None while there is
    too little to tell it from; ``in_reach``: False between OutOfReach and InReach, with no rates;
    ``under_way``: bytes that have left here of parts that are not yet whole, and may still fail.
    """

    bytes_done: int
    size: int
    parts_done: int
    parts: int
    own_bytes: int
    own_rate: int
    total_rate: int
    sending: int
    devices: int
    eta_s: float | None
    status: str
    in_reach: bool = True
    under_way: int = 0


class Turned(Event, frozen=True, tag="status"):
    """The upload's status changed, e.g. *paused* or *active* again, or *assembling*."""

    before: str
    status: str


class Retrying(Event, frozen=True, tag="retrying"):
    """Something failed and is tried again by itself."""

    what: str
    reason: str
    wait_s: float


class OutOfReach(Event, frozen=True, tag="out_of_reach"):
    """Nothing goes on, because the service or the storage does not answer; it is tried again."""

    reason: str


class InReach(Event, frozen=True, tag="in_reach"):
    """It goes on, after so many seconds out of reach."""

    seconds: float


class WayLost(Event, frozen=True, tag="way_lost"):
    """One of several ways out of this machine gave up; the others go on."""

    way: str
    message: str


class Ended(Event, frozen=True, tag="ended"):
    """``outcome``: *stored*, *already_stored*, or *assembling* if it was not waited for.

    ``seconds``: since this run began; ``own_bytes``, ``own_parts``: this process's share;
    ``brought``: bytes by this device in all its runs, if the board knows that, else 0.
    """

    outcome: str
    upload: str
    name: str
    size: int
    seconds: float
    own_bytes: int
    own_parts: int
    parts: int
    devices: int
    checksum: str
    brought: int = 0


class Found(Event, frozen=True, tag="found"):
    """A download begins: what there is, and where it will be (``path``)."""

    upload: str
    name: str
    size: int
    parts: int
    part_size: int
    path: str


class ToFetch(Event, frozen=True, tag="to_fetch"):
    """What was there is compared, and this is missing of the file that will be at ``path``."""

    path: str
    bytes: int
    parts: int


class SetAside(Event, frozen=True, tag="set_aside"):
    """A file stood where the download wants to write, and bears another name now."""

    path: str
    instead: str


class Checking(Event, frozen=True, tag="checking"):
    """How far what lies on the disk from an earlier run is compared with the manifest."""

    bytes_checked: int
    bytes: int


class PartFetched(Event, frozen=True, tag="part_fetched"):
    """A part has arrived, and is what the manifest says."""

    part: int
    bytes: int


class Fetching(Event, frozen=True, tag="fetching"):
    """``bytes_done``: compared and on the disk; ``own_bytes``: of these, fetched by this process.

    ``lanes``: parts under way now; ``under_way``: bytes that have come of them; ``eta_s``,
    ``in_reach``: as in Progress.
    """

    bytes_done: int
    size: int
    parts_done: int
    parts: int
    own_bytes: int
    rate: int
    lanes: int
    eta_s: float | None
    in_reach: bool = True
    under_way: int = 0


class Downloaded(Event, frozen=True, tag="downloaded"):
    """``outcome``: *fetched*, *already_there* with just this content, or *resting* if paused.

    ``path``: the file; ``seconds``: since this run began; ``own_*``: what this process fetched.
    """

    outcome: str
    upload: str
    name: str
    path: str
    size: int
    seconds: float
    own_bytes: int
    own_parts: int
    parts: int
    checksum: str


class Failed(Event, frozen=True, tag="failed"):
    """The command ended with an error."""

    message: str
    exit_code: int
