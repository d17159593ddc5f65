"""``make deploy``: everything, in order, said in words.

The page's address is known before only if it is a domain of one's own. Otherwise CloudFront makes
it up with the distribution, which needs the API, which needs the bucket and the pool, which need
the address: a circle. So the first deployment goes round twice; every later one knows the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.deploy import page, parameters
from tools.deploy.artefacts import Artefacts
from tools.deploy.cloud import Cloud
from tools.deploy.companion import companion, companion_template, last_told
from tools.deploy.keeping import clear_what_failed, take_up
from tools.deploy.package import INFRA, ROOT, Package


@dataclass(frozen=True, kw_only=True)
class Bringing:
    """One deployment. ``told``: what stands in ``SET``."""

    cloud: Cloud
    stage: str
    package: Package
    told: str = ""

    def run(self) -> dict[str, str]:
        """The stack's outputs. Raises NotDeployed."""
        cloud, artefacts = self.cloud, self.cloud.artefacts()
        wishes = self._wishes(artefacts)
        parameters.check(parameters.chosen(self.package.template, wishes))
        if artefacts.ensure():
            cloud.say(f"The bucket {artefacts.bucket} for code and templates is made.")
        beside = companion(cloud, wishes)
        self._apply(artefacts, wishes, beside.before())
        beside.after()
        outputs = cloud.stack().outputs()
        self._publish(outputs)
        for name, value in sorted(outputs.items()):
            cloud.say(f"  {name:<18} {value}")
        cloud.say(f"Manyhands is at {outputs['PageUrl']}")
        return outputs

    def _wishes(self, artefacts: Artefacts) -> dict[str, str]:
        """By ``SET``, else as last deployed, here or with what was kept, else by the stage."""
        known = {*self.package.template["Parameters"], *companion_template()["Parameters"]}
        told = parameters.told(self.told, known)
        before = {**artefacts.note().values, **last_told(self.cloud)}
        return parameters.wished(told, before, parameters.of_stage(INFRA, self.stage))

    def _apply(
        self, artefacts: Artefacts, wishes: parameters.Values, found_out: parameters.Values
    ) -> None:
        stack, template = self.cloud.stack(), self.package.template
        values = parameters.chosen(template, found_out, wishes)
        if values["PageDomain"]:
            values["PageOrigin"] = f"https://{values['PageDomain']}"
        clear_what_failed(self.cloud, artefacts)
        take_up(self.cloud, artefacts)
        code = artefacts.put(self.package.code, "zip")
        url = artefacts.put_template(self.package.with_code(artefacts.bucket, code))
        stack.apply(url, values, Tags=self.cloud.tags())
        artefacts.forget()
        address = stack.outputs()["PageUrl"]
        if values["PageOrigin"] != address:
            self.cloud.say(f"The page's address is {address}; now everybody is told.")
            stack.apply(url, values | {"PageOrigin": address}, Tags=self.cloud.tags())

    def _publish(self, outputs: Mapping[str, str]) -> None:
        cloud = self.cloud
        config = page.config_of(outputs, cloud.region)
        version, files = page.files_of(ROOT / "frontend", config)
        s3, bucket = cloud.client("s3"), outputs["PageBucketName"]
        count = page.publish(s3, bucket, version, files)
        page.forget_old_versions(s3, bucket, version)
        page.invalidate(cloud.client("cloudfront"), outputs["DistributionId"], files)
        cloud.say(f"The page, version {version}: {count} of {len(files)} files were new.")
