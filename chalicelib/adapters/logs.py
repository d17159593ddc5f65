"""The log: JSON, one line for each thing said, a stack trace included.

Every line bears what the call is about: function, request, and, once they are known, upload and
client (a device's random id). These keys are set once, where they are found out, and belong to the
thread, so that whoever says something deep inside need not know them. No line bears what somebody
else named, nor a token or a URL; ``tests/security/test_secrets_in_logs.py`` listens.

By the formatter of Powertools for AWS Lambda, put on the root logger, so that what libraries say
has the same shape. Refused: its ``Logger``, which formats only what is said to itself.
"""

import logging
from typing import TextIO

from aws_lambda_powertools.logging.formatter import (
    LambdaPowertoolsFormatter,
    clear_context_keys,
    set_context_keys,
)

from chalicelib.adapters.meter import LOGGER as METRICS

OURS = "chalicelib"


def about(**keys: str) -> None:
    """From here to the end of this call each line says this too."""
    set_context_keys(**keys)


def forget() -> None:
    clear_context_keys()


def speak(stream: TextIO) -> None:
    """Say everything there from now on, as CloudWatch takes it, and nowhere else."""
    _only(logging.getLogger(), stream, json_lines())
    metrics = logging.getLogger(METRICS)
    _only(metrics, stream, logging.Formatter("%(message)s"))
    metrics.propagate = False
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)


def json_lines() -> logging.Formatter:
    return LambdaPowertoolsFormatter(
        log_record_order=["level", "message", "function", "request"],
        location="%(name)s:%(lineno)d",
        use_rfc3339=True,
        utc=True,
        serialize_stacktrace=False,
    )


def _only(logger: logging.Logger, stream: TextIO, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger.handlers[:] = [handler]
