"""From what a voyage, or another design, asks of AWS to its price."""

from collections import Counter
from collections.abc import Mapping

from bench import prices as p

ANSWER, TICKET = 1_300, 110
"""Bytes of a compressed answer, with the session that its URLs bear, and of each further ticket."""


def api_calls(bill: Mapping[str, int]) -> int:
    return sum(count for what, count in bill.items() if what.startswith("API "))


def puts(bill: Mapping[str, int]) -> float:
    """What S3 takes for the parts alone, with create and join: nobody comes around that."""
    return (bill["S3 PUT"] + bill["S3 POST"]) * p.PUT.each


def control(bill: Mapping[str, int]) -> dict[str, float]:
    """All that is paid beside: by what it is paid for."""
    calls, events = api_calls(bill), bill.get("events", 0)
    billed_s = calls * p.CALL_S * p.API_GB + events * p.EVENT_S * p.EVENT_GB
    return {
        "gateway": calls * p.GATEWAY.each,
        "Lambda": (calls + events) * p.LAMBDA.each + billed_s * p.LAMBDA_TIME.each,
        "DynamoDB": bill.get("WRU", 0) * p.WRITE.each + bill.get("RRU", 0) * p.READ.each,
        "answers": (calls * ANSWER + bill.get("tickets", 0) * TICKET) * p.EGRESS.each,
        "S3 lists": bill.get("S3 LIST", 0) * p.PUT.each + bill.get("S3 HEAD", 0) * p.HEAD.each,
        "telling": bill.get("SNS", 0) * p.SNS.each + bill.get("SES", 0) * p.SES.each,
    }


def signing_each_part(parts: int) -> Counter[str]:
    """Uppy's way: create, a call to sign each part, a list, a call to join. No board, one client.

    Source: @uppy/aws-s3 6.3.1, with ``shouldUseMultipart`` and its companion endpoints.
    """
    calls = {"API sign": parts, "API create": 1, "API list": 1, "API join": 1}
    return Counter(calls | {"tickets": parts, "S3 PUT": parts, "S3 POST": 2, "S3 LIST": 1})


def item_for_each_ticket(voyage: Mapping[str, int], parts: int) -> Counter[str]:
    """The same calls as a voyage; each ticket an item: written when made, taken and done.

    Taken and done in transactions would cost twice that; a reader of 10,000 tickets reads 1 MB.
    """
    units = {"WRU": 3 * parts, "RRU": voyage["API exchange"] * 2}
    return Counter(dict(voyage) | units)
