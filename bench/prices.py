"""List prices in US dollars, us-east-1, without any free tier, as far as they could be looked up.

``SEEN`` stands in AWS's own announcements or in several independent price lists; ``TOLD`` is what
is commonly said and could not be looked up from here on that day. AWS changes prices: whoever
decides by these figures looks at https://aws.amazon.com/pricing/ first, and changes this table.
"""

from dataclasses import dataclass

DATED = "2026-11-21"
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """``each``: of one ``unit``."""

    what: str
    each: float
    unit: str
    source: str


SEEN, TOLD = "seen", "not verified"

PUT = Price("S3 PUT, POST, LIST", 5 / MILLION, "request", SEEN)
HEAD = Price("S3 HEAD, GET", 0.4 / MILLION, "request", SEEN)
GATEWAY = Price("API Gateway, REST", 3.5 / MILLION, "call", SEEN)
HTTP_API = Price("API Gateway, HTTP", 1.0 / MILLION, "call", SEEN)
WRITE = Price("DynamoDB write unit, on demand", 0.625 / MILLION, "unit", SEEN)
READ = Price("DynamoDB read unit, on demand", 0.125 / MILLION, "unit", SEEN)
LAMBDA = Price("Lambda, call", 0.2 / MILLION, "call", TOLD)
LAMBDA_TIME = Price("Lambda, x86", 0.0000166667, "GB-second", TOLD)
EGRESS = Price("bytes to the internet", 0.09 / 1e9, "byte", SEEN)
SNS = Price("SNS, publish", 0.5 / MILLION, "message", TOLD)
SES = Price("SES, mail", 100 / MILLION, "mail", TOLD)
STORAGE = Price("S3 Standard", 0.023, "GB-month", SEEN)

ALL = (
    *(PUT, HEAD, GATEWAY, HTTP_API, WRITE, READ),
    *(LAMBDA, LAMBDA_TIME, EGRESS, SNS, SES, STORAGE),
)

CALL_S, EVENT_S = 0.03, 1.0
"""Assumed: billed for a call of the API, and for one of an event function; joining is more."""

API_GB, EVENT_GB = 0.5, 0.5
"""As ``.chalice/config.json`` has them, or more."""
