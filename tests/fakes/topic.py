"""A topic that keeps what it is told."""

from chalicelib.ports import Announcement


class FakeTopic:
    """The port ``Topic``."""

    def __init__(self) -> None:
        self.published: list[Announcement] = []

    def publish(self, announcement: Announcement) -> None:
        self.published.append(announcement)
