"""What stands around every call of a function: one line of log, and at most one of metrics.

    function called ── its name and request in every line ── the work ── what became of it, in one
                    line ── what it counted, in one more

The API's calls pass through a middleware, which also sees what Chalice answers by itself; the
events' functions are wrapped in ``app.py``.

Tracing is the template's matter alone: with it X-Ray shows each call and its length, and Lambda's
own last line of each request names the trace. Segments of our own would take the X-Ray SDK, which
wraps botocore, into every cold start, to tell times that are in our lines.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from chalicelib.adapters.logs import about, forget
from chalicelib.adapters.meter import EmfMeter, told
from chalicelib.config import stage_from
from chalicelib.ports import Metric

log = logging.getLogger(__name__)

_first = iter([True])


def call_of_the_api(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Middleware, the outermost: route, status and duration of each call."""
    with _call("api", event.lambda_context, event.context.get("requestId", "")):
        began = time.perf_counter()
        response = get_response(event)
        route = f"{event.method} {event.context['resourcePath']}"
        fields = {"route": route, "status": response.status_code, "duration_ms": _since(began)}
        log.info("%s: %d", route, response.status_code, extra=fields)
        return response


def event(function: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Decorates what an event's function does; what it raises, Lambda is told as well."""

    def decorate(do: Callable[[Any], None]) -> Callable[[Any], None]:
        @wraps(do)
        def call(event: Any) -> None:
            with _call(function, event.context):
                began = time.perf_counter()
                try:
                    do(event)
                except Exception:
                    log.exception("%s failed", function, extra={"duration_ms": _since(began)})
                    raise
                log.info("%s: done", function, extra={"duration_ms": _since(began)})

        return call

    return decorate


@contextmanager
def _call(function: str, context: Any, gateway_request: str = "") -> Iterator[None]:
    first = next(_first, False)
    forget()
    request = getattr(context, "aws_request_id", "")
    about(function=function, function_request_id=request, cold_start=first)
    if gateway_request:
        about(gateway_request=gateway_request)
    with told(stage_from(os.environ)):
        if first:
            EmfMeter().count(Metric.COLD_STARTS)
        yield


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
