"""URLs that S3 takes a part at, many of them, quickly.

A fast client's exchange asks for dozens. boto3's ``generate_presigned_url`` validates, resolves the
endpoint and runs its hooks anew for each, and that was half of an exchange's time. What is the same
for all, where the bucket is and who signs, is therefore learnt once from a URL that boto3 signs;
each further one is signed by botocore's own signature for query strings: 40 % of the work.
``tests/adapters/test_signing.py`` holds both against each other.

Credentials are asked for at each signing, as boto3 does it, so a URL bears the session that is
current and dies with it, neither sooner nor later than one of boto3's.

Refused: signing by hand, which takes a tenth, because cryptography that is kept by others is worth
the difference; a cached key of the day, which saves next to nothing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.awsrequest import AWSRequest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UNRESERVED = "/-._~"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a bucket's objects are, and who signs for it. ``signer``: botocore's RequestSigner."""

    address: str
    host: str
    scope: tuple[str, str]
    signer: Any

    def signed(
        self, method: str, key: str, query: dict[str, str], headers: dict[str, str], expires_s: int
    ) -> str:
        """A URL good for ``expires_s`` seconds, bound to these headers. Does no I/O."""
        bound = headers | {"host": self.host}
        address = f"{self.address}{quote(key, safe=UNRESERVED)}"
        request = AWSRequest(method, address, headers=bound, params=query)
        self._signature(expires_s).add_auth(request)
        return str(request.url)

    def _signature(self, expires_s: int) -> Any:
        return self.signer.get_auth_instance(*self.scope, "s3v4-query", expires=expires_s)


def site_of(client: "S3Client", bucket: str) -> Site:
    """What boto3 would sign for, with its settings, whatever they are."""
    heard: dict[str, Any] = {}

    def hear(**said: Any) -> None:
        heard.update(said)

    client.meta.events.register("before-sign.s3.GetObject", hear)
    client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    client.meta.events.unregister("before-sign.s3.GetObject", hear)
    scope = (heard["signing_name"], heard["region_name"])
    signer, request = heard["request_signer"], heard["request"]
    host = signer.get_auth_instance(*scope, "s3v4-query").headers_to_sign(request)["host"]
    return Site(request.url.partition("?")[0].removesuffix("k"), host, scope, signer)
