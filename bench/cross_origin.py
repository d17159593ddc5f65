"""What a browser asks of a storage on another origin than the page, before it shows an answer.

As S3 answers with the rules that Uppy's documents ask for and ours are part of: everybody may come,
the ETag may be read, and a preflight is remembered for an hour. But it is remembered for one URL,
and each part has a URL of its own: everybody's parts cost a preflight each, as they do on AWS.

Source: Amazon S3 User Guide, "Using cross-origin resource sharing"; Fetch Standard, "CORS".
"""

from dataclasses import replace

from bench.inbound import Request
from bench.replies import Answer

EXPOSED = "ETag, Location, Content-Length, x-amz-checksum-sha256"
METHODS = "GET, PUT, POST, DELETE, HEAD"
REMEMBERED_S = "3600"


def is_preflight(request: Request) -> bool:
    return request.method == "OPTIONS" and "access-control-request-method" in request.headers


def permission(request: Request) -> Answer:
    """The answer to a preflight: whatever is asked for."""
    asked = request.headers.get("access-control-request-headers", "")
    headers = {"Access-Control-Allow-Methods": METHODS, "Access-Control-Max-Age": REMEMBERED_S}
    return Answer(headers=headers | ({"Access-Control-Allow-Headers": asked} if asked else {}))


def shown(request: Request, answer: Answer) -> Answer:
    """``answer`` such that a page may read it, if a page asked."""
    if not (origin := request.headers.get("origin")):
        return answer
    allowed = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}
    return replace(answer, headers={**answer.headers, **allowed, "Vary": "Origin"})
