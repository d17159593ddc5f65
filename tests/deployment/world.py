"""An AWS of its own for a whole deployment: moto for all but CloudFormation and CloudFront.

The stand-in keeps to CloudFormation's rules; that AWS does as well, only AWS can tell.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.deployment.aws import REGION, Aws
from tests.deployment.cloudformation import CloudFormation
from tests.deployment.reading import Seen
from tools.deploy.bringing import Bringing
from tools.deploy.cloud import Cloud
from tools.deploy.package import Package
from tools.deploy.taking import Taking

SENDER = "MailFrom=uploads@your.domain"
ADDRESS = "https://<Distribution.DomainName>"
HOLD_DATA = {"Bucket": "kept-bucket", "Pool": "kept-pool", "Table": "kept-table"}


class Heard(list[str]):
    """What was said."""

    def __call__(self, text: str) -> None:
        self.append(text)


def never(_: float) -> None:
    raise AssertionError("nothing here takes time")


class CloudFront:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def create_invalidation(self, **asked: Any) -> None:
        self.asked.append(asked["DistributionId"])


class World:
    """An AWS of its own, with a stage that no other test uses."""

    def __init__(self, aws: Aws, package: Package, page: str) -> None:
        self.aws, self.package, self.page = aws, package, page
        self.regions: dict[str, CloudFormation] = {}
        self.order: list[str] = []
        self.cloudfront, self.heard = CloudFront(), Heard()
        self.cloud = Cloud(region=REGION, stage="dev", say=self.heard, make=self.make, wait=never)

    @property
    def cloudformation(self) -> CloudFormation:
        return self.make("cloudformation", REGION)

    def make(self, service: str, region: str) -> Any:
        if service == "cloudformation":
            new = CloudFormation(
                lambda url: self._template(url, region), lambda *made: self._outputs(region, *made)
            )
            return self.regions.setdefault(region, new)
        return self.cloudfront if service == "cloudfront" else self.aws.client(service, region)

    def deploy(self, told: str = SENDER) -> dict[str, str]:
        return Bringing(cloud=self.cloud, stage="dev", package=self.package, told=told).run()

    def take(self, delete_data: bool = False) -> None:
        Taking(cloud=self.cloud, delete_data=delete_data).run()

    def made(self, region: str = REGION) -> list[tuple[str, dict[str, str]]]:
        return [(s["ChangeSetType"], s["values"]) for s in self.regions[region].executed]

    def _template(self, url: str, region: str) -> dict[str, Any]:
        bucket, _, key = url.removeprefix("https://").partition(f".s3.{region}.amazonaws.com/")
        found = self.aws.client("s3", region).get_object(Bucket=bucket, Key=key)
        template: dict[str, Any] = json.loads(found["Body"].read())
        return template

    def _outputs(
        self, region: str, template: Mapping[str, Any], parameters: Mapping[str, str]
    ) -> dict[str, str]:
        self.order.append(region)
        seen = Seen(template, parameters)
        told = {k: o for k, o in template.get("Outputs", {}).items() if seen.exists(o)}
        outputs = {name: str(seen.resolve(o["Value"])) for name, o in told.items()}
        return outputs | ({"PageBucketName": self.page} if "PageBucketName" in outputs else {})
