"""What a person is told instead of a traceback."""


class NotDeployed(Exception):
    """It cannot go on; the message says why, and what to do."""
