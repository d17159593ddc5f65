"""``python -m bench.null_board --storage URL``: the real service, with the null server for S3.

Manyhands' client cannot send a part without a ticket, so its benchmark needs the service. It is
the one of ``local``: the deployed functions, on moto for DynamoDB, Cognito and the rest. Only S3
is elsewhere, said by the environment variable that every AWS SDK reads; so tickets, signed URLs,
the manifest, the comparison with S3's list and the joining are all real, and so is what they cost:
the service runs on the same two cores and its work slows our client here, which AWS would not.

It prints its address as one line, then, for each line of its stdin, how many calls of the API were
made so far, and ends with its stdin. An API in a data centre is not as near as this one: with
``--after`` each answer comes so much later.
"""

import argparse
import importlib
import logging
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from local.stack import LOOPBACK, REGION, Options, Stack

BUCKET, HERE = "bench", {"LocationConstraint": REGION}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.null_board", description=__doc__)
    parser.add_argument("--storage", help="address of the null server; else the stack's own")
    parser.add_argument("--storage-port", type=int, default=0, help="of the stack's own")
    parser.add_argument("--trust", help="the certificate that it shows")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--after", type=float, default=0.0, help="seconds before each answer")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    if asked.trust:
        os.environ["AWS_CA_BUNDLE"] = asked.trust
    options = Options(host=asked.host, storage_port=asked.storage_port, sweep_every_s=3_600)
    with Stack(options) as stack:
        if asked.storage:
            os.environ["AWS_ENDPOINT_URL_S3"] = asked.storage
        else:
            stack.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=HERE)
        calls = Calls(asked.after)
        importlib.import_module("app").app.register_middleware(calls, "http")
        print(stack.url, flush=True)
        for _ in sys.stdin:
            print(calls.made, flush=True)
    return 0


class Calls:
    """Chalice's middleware: sees each call of the API, and lets its answer wait."""

    def __init__(self, after_s: float) -> None:
        self._after_s, self._numbers = after_s, count(1)
        self.made = 0

    def __call__(self, event: Any, get_response: Callable[[Any], Any]) -> Any:
        self.made = next(self._numbers)
        response = get_response(event)
        time.sleep(self._after_s)
        return response


if __name__ == "__main__":
    sys.exit(main())
