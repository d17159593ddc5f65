"""``python -m bench.null_board --storage URL``: the real service, with the null server for S3.

Manyhands' client cannot send a part without a ticket, so its benchmark needs the service. It is
the one of ``local``: the deployed functions, on moto for DynamoDB, Cognito and the rest. Only S3
is elsewhere, said by the environment variable that every AWS SDK reads; so tickets, signed URLs,
the manifest, the comparison with S3's list and the joining are all real, and so is what they cost:
the service runs on the same two cores and its work slows our client here, which AWS would not.

It prints its address as one line and ends with its stdin.
"""

import argparse
import logging
import os
import sys

from local.stack import Options, Stack


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.null_board", description=__doc__)
    parser.add_argument("--storage", required=True, help="address of the null server")
    parser.add_argument("--trust", help="the certificate that it shows")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    os.environ["AWS_ENDPOINT_URL_S3"] = asked.storage
    if asked.trust:
        os.environ["AWS_CA_BUNDLE"] = asked.trust
    with Stack(Options(sweep_every_s=3_600)) as stack:
        print(stack.url, flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
