"""List prices in US dollars, us-east-1, without any free tier, and where each was read.

AWS's own price pages could not be read from here (their figures are made by script), so the source
is an AWS document or a price list of others; ``TOLD`` is what is commonly said, without one. AWS
changes prices: whoever decides by these figures looks at https://aws.amazon.com/pricing/ first, and
changes this table.
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


TOLD = "not verified"

PUT = Price("S3 PUT, POST, LIST", 5 / MILLION, "request", "c3x.dev")
HEAD = Price("S3 HEAD, GET", 0.4 / MILLION, "request", "c3x.dev")
GATEWAY = Price("API Gateway, REST", 3.5 / MILLION, "call", "go-cloud.io, 2026")
HTTP_API = Price("API Gateway, HTTP", 1.0 / MILLION, "call", "go-cloud.io, 2026")
WRITE = Price("DynamoDB write unit, on demand", 0.625 / MILLION, "unit", "airbyte.com, July 2025")
READ = Price("DynamoDB read unit, on demand", 0.125 / MILLION, "unit", "airbyte.com, July 2025")
LAMBDA = Price("Lambda, call", 0.2 / MILLION, "call", "AWS, How AWS pricing works")
LAMBDA_TIME = Price("Lambda, x86", 0.0000166667, "GB-second", "AWS, How AWS pricing works")
EGRESS = Price("bytes to the internet", 0.09 / 1e9, "byte", TOLD)
SNS = Price("SNS, publish", 0.5 / MILLION, "message", "factualminds.com")
SES = Price("SES, mail", 100 / MILLION, "mail", "acecloudinterviews.com")
STORAGE = Price("S3 Standard", 0.023, "GB-month", TOLD)

ALL = (
    *(PUT, HEAD, GATEWAY, HTTP_API, WRITE, READ),
    *(LAMBDA, LAMBDA_TIME, EGRESS, SNS, SES, STORAGE),
)

CALL_S, EVENT_S = 0.03, 1.0
"""Assumed: billed for a call of the API, and for one of an event function; joining is more."""

API_GB, EVENT_GB = 0.5, 0.5
"""As ``.chalice/config.json`` has them, or more."""
