"""One upload by boto3, as its documentation says: ``upload_file`` with a ``TransferConfig``.

Run by the peers' own Python, so it knows nothing of this project. ``--crt`` asks for the transfer
client that is written in C; boto3 falls back on its own one without a word where it finds that
unfit, so this ends with an error instead of measuring the wrong thing.
"""

import argparse
import sys

import boto3
from boto3.s3.transfer import TransferConfig, create_transfer_manager
from botocore.config import Config

MIB = 1024 * 1024


def main() -> int:
    asked = _arguments()
    paths = Config(s3={"addressing_style": "path"})
    client = boto3.client("s3", endpoint_url=asked.endpoint, config=paths)
    config = TransferConfig(
        max_concurrency=asked.connections,
        multipart_chunksize=asked.part * MIB,
        preferred_transfer_client="crt" if asked.crt else "classic",
    )
    if asked.crt and "crt" not in type(create_transfer_manager(client, config)).__module__:
        sys.exit("boto3 does not take its CRT client here")
    extra = {"ChecksumAlgorithm": asked.checksum} if asked.checksum else {}
    client.upload_file(asked.file, asked.bucket, asked.key, ExtraArgs=extra, Config=config)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("endpoint", "file", "bucket", "key"):
        parser.add_argument(name)
    parser.add_argument("--checksum", default="", help="else the default one, a CRC")
    parser.add_argument("--connections", type=int, default=10)
    parser.add_argument("--part", type=int, default=8, help="MiB")
    parser.add_argument("--crt", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
