"""The page, as it is served from its bucket.

All scripts and styles lie in a folder named by their content, ``v/3f2a…/``, and are kept for ever
by whoever fetched them; the few files at the root are asked for anew each time. So a page that
somebody has open goes on with the modules that it began with, also those that it loads later, and
the next visit has all of the new one: never half of each. Five versions are kept for that.

The root is written last, ``index.html`` at the very end.
"""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tools.deploy.errors import NotDeployed

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
NOT_SERVED = (".d.ts", ".md")
AT_THE_ROOT = ("icon.svg", "index.html")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
KEPT = 5

_REFERENCE = re.compile(r'\b(href|src)="([^":#]+)"')


@dataclass(frozen=True, slots=True)
class Served:
    """One object of the page's bucket."""

    key: str
    body: bytes
    kind: str
    cache: str


def files_of(folder: Path, config: Mapping[str, Any]) -> tuple[str, list[Served]]:
    """The version, and all that is served, in the order in which it is to be written."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(NOT_SERVED)
    }
    version = _version(found)
    root = {name: found.pop(name) for name in AT_THE_ROOT}
    root["index.html"] = _pointing(root["index.html"], found, version)
    served = [Served(f"v/{version}/{n}", b, _kind(n), FOR_EVER) for n, b in found.items()]
    written = {"config.json": json.dumps(config, indent=2).encode(), **root}
    return version, served + [Served(n, b, _kind(n), ASK_AGAIN) for n, b in written.items()]


def config_of(outputs: Mapping[str, str], region: str) -> dict[str, Any]:
    """``config.json``: where API and sign-in are, for page and command line."""
    cognito = f"https://cognito-idp.{region}.amazonaws.com"
    sign_in = outputs["SignInUrl"]
    return {
        "api": "/api",
        "region": region,
        "user_pool_id": outputs["PoolId"],
        "client_id": outputs["PoolClientId"],
        "cognito_endpoint": cognito,
        "sign_in": {
            "issuer": f"{cognito}/{outputs['PoolId']}",
            "authorize": f"{sign_in}/oauth2/authorize",
            "token": f"{sign_in}/oauth2/token",
            "revoke": f"{sign_in}/oauth2/revoke",
            "logout": f"{sign_in}/logout",
        },
    }


def publish(s3: Any, bucket: str, version: str, files: list[Served]) -> int:
    """How many files were new; what is there for ever is not written again.

    But for one small file: a version is as old as the last deployment of it, so that one which was
    brought back is not the first to go.
    """
    there = {found["Key"] for found in _listed(s3, bucket, f"v/{version}/")}
    missing = [file for file in files if file.key not in there]
    for_ever = [file for file in files if file.cache == FOR_EVER]
    renewed = min(for_ever, key=lambda file: len(file.body))
    for file in missing if renewed in missing else [renewed, *missing]:
        s3.put_object(
            Bucket=bucket,
            Key=file.key,
            Body=file.body,
            ContentType=file.kind,
            CacheControl=file.cache,
        )
    return len(missing)


def forget_old_versions(s3: Any, bucket: str, version: str) -> list[str]:
    """Which were deleted: all but this one and those that were deployed last."""
    written: dict[str, Any] = {}
    for found in _listed(s3, bucket, "v/"):
        name = found["Key"].split("/")[1]
        written[name] = max(found["LastModified"], written.get(name, found["LastModified"]))
    others = sorted(written.keys() - {version}, key=lambda name: written[name], reverse=True)
    for old in others[KEPT - 1 :]:
        for found in _listed(s3, bucket, f"v/{old}/"):
            s3.delete_object(Bucket=bucket, Key=found["Key"])
    return others[KEPT - 1 :]


def invalidate(cloudfront: Any, distribution: str, files: list[Served]) -> list[str]:
    """Which paths the distribution asks for anew: what may change, and no more."""
    paths = ["/", *(f"/{file.key}" for file in files if file.cache == ASK_AGAIN)]
    cloudfront.create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": len(paths), "Items": paths},
            "CallerReference": str(time.time_ns()),
        },
    )
    return paths


def _version(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, body in files.items():
        whole.update(f"{name}\0{len(body)}\0".encode() + body)
    return whole.hexdigest()[:16]


def _pointing(index: bytes, versioned: Mapping[str, bytes], version: str) -> bytes:
    """The page with its references led into the version's folder."""

    def led(match: re.Match[str]) -> str:
        name = match[2]
        return f'{match[1]}="v/{version}/{name}"' if name in versioned else match[0]

    return _REFERENCE.sub(led, index.decode()).encode()


def _kind(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    if suffix not in TYPES:
        raise NotDeployed(f"{name} is in the page's folder, and nobody has said how to serve it.")
    return TYPES[suffix]


def _listed(s3: Any, bucket: str, prefix: str) -> Iterator[Any]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from page.get("Contents", [])
