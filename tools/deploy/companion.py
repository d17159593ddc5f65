"""What CloudFront demands to be in us-east-1: a certificate, a web ACL; a stack of its own there.

Only where a parameter asks for it. It is made before the distribution that uses it, and taken away
after the distribution has let go of it.
"""

from dataclasses import dataclass
from typing import Any

from local.template import References, load
from tools.deploy.cloud import WORLDWIDE, Cloud
from tools.deploy.errors import NotDeployed
from tools.deploy.package import INFRA
from tools.deploy.parameters import Values, chosen


def companion_template() -> dict[str, Any]:
    return load(INFRA / WORLDWIDE)


@dataclass(frozen=True, slots=True)
class Companion:
    """``values``: its parameters. ``wanted``, ``there``: names of its outputs."""

    cloud: Cloud
    values: Values
    wanted: frozenset[str]
    there: frozenset[str]

    def before(self) -> dict[str, str]:
        """What the main stack is to be told of it. Raises NotDeployed."""
        surplus = self.there - self.wanted
        if self.wanted - self.there and surplus:
            raise NotDeployed(
                "Certificate and limit of calls: take the one away in one deployment, and ask for "
                "the other in the next."
            )
        if self.wanted and not surplus:
            self._apply()
        outputs = self.cloud.stack(WORLDWIDE).outputs() if self.wanted else {}
        own = {name: self.values.get(name, "") for name in {"WebAclArn", *surplus}}
        return own | {name: outputs[name] for name in self.wanted}

    def after(self) -> None:
        """The distribution uses only what is wanted now."""
        if self.there - self.wanted:
            self._apply()

    def _apply(self) -> None:
        artefacts = self.cloud.artefacts(WORLDWIDE)
        artefacts.ensure()
        stack = self.cloud.stack(WORLDWIDE)
        stack.clear()
        url = artefacts.put_template(companion_template())
        stack.apply(url, self.values, Tags=self.cloud.tags())


def companion(cloud: Cloud, wishes: Values) -> Companion:
    template = companion_template()
    values = chosen(template, wishes)
    asked = References(values, template["Conditions"])
    wanted = {name for name, output in template["Outputs"].items() if asked.exists(output)}
    there = cloud.stack(WORLDWIDE).outputs()
    return Companion(cloud, values, frozenset(wanted), frozenset(there))


def last_told(cloud: Cloud) -> dict[str, str]:
    """What both stacks were last deployed with; a certificate that was made is nobody's wish."""
    beside = cloud.stack(WORLDWIDE)
    values = beside.parameters() | cloud.stack().parameters()
    if values.get("CertificateArn") == beside.outputs().get("CertificateArn", ""):
        values["CertificateArn"] = ""
    return values
