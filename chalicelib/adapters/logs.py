"""The log, by Powertools for AWS Lambda: JSON, a line for each thing said, with its stack trace.

    {"level": "ERROR", "location": "refusal:75", "message": "storage_unavailable",
     "timestamp": "2026-11-21T14:03:11.207+00:00", "service": "manyhands",
     "name": "chalicelib.web.answers", "function": "api", "function_request_id": "8f0c…",
     "cold_start": false, "upload": "mq3x…", "client": "f3a9…", "xray_trace_id": "1-6564…",
     "exception": "Traceback …\\nbotocore…", "exception_name": "ClientError"}

Every line bears what the call is about: function, request, and, once they are known, upload and
client (a device's random id). These keys are set once, where they are found out, and belong to the
thread, so that whoever says something deep inside need not know them. No line bears what somebody
else named, nor a token or a URL; ``tests/security/test_secrets_in_logs.py`` listens.

Only the formatter is taken, for the root logger. Refused: Powertools' ``Logger``, which shapes its
own lines and those of loggers that exist by then, so not those of what is imported later; and its
``inject_lambda_context``: those keys are the process's, and on one machine threads share that.
"""

import json
import logging
import os
from functools import partial
from typing import TextIO

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

OURS, METRICS = "chalicelib", "chalicelib.metrics"

SHAPE = LambdaPowertoolsFormatter(
    # Its own leaves half a surrogate as it is, which no stream takes: the line would be lost.
    json_serializer=partial(json.dumps, default=str, separators=(",", ":")),
    utc=True,
    use_rfc3339=True,
    serialize_stacktrace=False,  # once is enough: ``exception`` has it
    service=os.environ.get("POWERTOOLS_SERVICE_NAME", "manyhands"),
    name="%(name)s",
)

about = SHAPE.thread_safe_append_keys
"""From here to the end of this call each line says this too."""

keys = SHAPE.thread_safe_get_current_keys
forget = SHAPE.thread_safe_clear_keys


def speak(stream: TextIO) -> None:
    """Say everything there from now on, as CloudWatch takes it, and nowhere else."""
    _only(logging.getLogger(), stream, SHAPE)
    metrics = logging.getLogger(METRICS)
    _only(metrics, stream, logging.Formatter("%(message)s"))
    metrics.propagate = False
    metrics.setLevel(logging.INFO)  # however little is to be said: alarms hang on them
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(os.environ.get("LOG_LEVEL", "INFO").upper())


def _only(logger: logging.Logger, stream: TextIO, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger.handlers[:] = [handler]
