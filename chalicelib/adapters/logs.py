"""The log: JSON, one line for each thing said, a stack trace included.

    {"level": "ERROR", "message": "storage_unavailable", "function": "api", "request": "8f0c…",
     "upload": "mq3x…", "client": "f3a9…", "logger": "chalicelib.web.answers",
     "time": "2026-11-21T14:03:11.207Z", "exception": "Traceback …\\nbotocore…"}

Every line bears what the call is about: function, request, and, once they are known, upload and
client (a device's random id). These keys are set once, where they are found out, and belong to the
thread, so that whoever says something deep inside need not know them. No line bears what somebody
else named, nor a token or a URL; ``tests/security/test_secrets_in_logs.py`` listens.

Refused: Powertools for AWS Lambda. Whatever one imports of it, it imports itself whole, 41 modules
and 11 ms in every cold start, and what it takes to give other loggers its shape is no shorter than
this (docs/dependencies.md).
"""

import json
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

OURS, METRICS = "chalicelib", "chalicelib.metrics"

_keys: ContextVar[Mapping[str, str]] = ContextVar("keys")
_BARE = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def about(**more: str) -> None:
    """From here to the end of this call each line says this too."""
    _keys.set({**_keys.get({}), **more})


def keys() -> Mapping[str, str]:
    return _keys.get({})


def forget() -> None:
    _keys.set({})


class JsonLines(logging.Formatter):
    """What is given as ``extra`` becomes a field of its own."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"level": record.levelname, "message": record.getMessage(), **keys()}
        said |= {k: v for k, v in vars(record).items() if k not in _BARE}
        said |= {"logger": record.name, "time": at.replace("+00:00", "Z")}
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, default=repr, separators=(",", ":"))


def speak(stream: TextIO) -> None:
    """Say everything there from now on, as CloudWatch takes it, and nowhere else."""
    _only(logging.getLogger(), stream, JsonLines())
    metrics = logging.getLogger(METRICS)
    _only(metrics, stream, logging.Formatter("%(message)s"))
    metrics.propagate = False
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)


def _only(logger: logging.Logger, stream: TextIO, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger.handlers[:] = [handler]
