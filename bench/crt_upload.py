"""One upload by the AWS Common Runtime itself, the C library below the fast clients of AWS.

boto3 and the AWS CLI can use it, but not at an address with a port, so it is called here as they
call it. It is the fastest peer that there is, and that is why it is in the table. Run by the
peers' own Python, so it knows nothing of this project.
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from awscrt.auth import AwsCredentialsProvider
from awscrt.http import HttpHeaders, HttpRequest
from awscrt.io import ClientBootstrap, ClientTlsContext, TlsConnectionOptions, TlsContextOptions
from awscrt.s3 import (
    S3ChecksumAlgorithm,
    S3ChecksumConfig,
    S3ChecksumLocation,
    S3Client,
    S3RequestTlsMode,
    S3RequestType,
    create_default_s3_signing_config,
)

REGION = "eu-central-1"
GBPS = 10.0


def main() -> int:
    asked = _arguments()
    url = urlsplit(asked.endpoint)
    bootstrap = ClientBootstrap.get_or_create_static_default()
    credentials = AwsCredentialsProvider.new_default_chain(bootstrap)
    secure = url.scheme == "https"
    client = S3Client(
        bootstrap=bootstrap,
        region=REGION,
        tls_mode=S3RequestTlsMode.ENABLED if secure else S3RequestTlsMode.DISABLED,
        tls_connection_options=_trusting(asked.trust) if secure else None,
        signing_config=create_default_s3_signing_config(
            region=REGION, credential_provider=credentials
        ),
        throughput_target_gbps=GBPS,
    )
    done = client.make_request(
        request=_request(url.netloc, f"/{asked.bucket}/{asked.key}", asked.file),
        type=S3RequestType.PUT_OBJECT,
        send_filepath=asked.file,
        checksum_config=S3ChecksumConfig(
            algorithm=S3ChecksumAlgorithm[asked.checksum], location=S3ChecksumLocation.TRAILER
        ),
    )
    done.finished_future.result()
    return 0


def _request(host: str, path: str, file: str) -> HttpRequest:
    size = str(Path(file).stat().st_size)
    return HttpRequest("PUT", path, HttpHeaders([("Host", host), ("Content-Length", size)]))


def _trusting(certificate: str) -> TlsConnectionOptions:
    options = TlsContextOptions()
    options.override_default_trust_store(Path(certificate).read_bytes())
    return ClientTlsContext(options).new_connection_options()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("endpoint", "file", "bucket", "key"):
        parser.add_argument(name)
    parser.add_argument("--trust", default="", help="the storage's certificate")
    parser.add_argument("--checksum", default="CRC64NVME")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
