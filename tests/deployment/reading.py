"""The template as CloudFormation would see it, with some options chosen."""

from collections.abc import Mapping
from typing import Any

from local.template import References, TemplateError

REGION = "eu-central-1"
ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000-1111"

EVERYTHING = {
    "Stage": "prod",
    "MailFrom": "uploads@your.domain",
    "KeyArn": KEY,
    "Accelerate": "yes",
    "Protected": "yes",
    "Mfa": "ON",
    "Tracing": "yes",
    "PageDomain": "upload.your.domain",
    "PageZone": "Z0123456789",
    "CertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/0000",
    "WebAclArn": f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/m/0000",
    "MailIdentity": "your.domain",
    "MailZone": "Z9876543210",
    "AlarmMail": "ops@your.domain",
    "AlarmTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:ops",
    "OtherOrigins": "https://www.your.domain,https://film.your.domain",
    "EmbeddingPage": "https://www.your.domain/film",
    "EventBus": "default",
}
"""Every option on."""

OPTIONS: Mapping[str, Mapping[str, str]] = {"all off": {}, "all on": EVERYTHING} | {
    f"only {name}": {name: value}
    for name, value in EVERYTHING.items()
    if name not in {"Stage", "MailFrom"}
}


class Seen(References):
    """Every resource that exists stands for itself: ``<Bucket>``, ``<Bucket.Arn>``."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        known = {f"AWS::{n}": f"<{n}>" for n in ("Partition", "StackName")}
        known |= {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::URLSuffix": "amazonaws.com",
        }
        defaults = {k: p.get("Default", "") for k, p in template["Parameters"].items()}
        super().__init__({**known, **defaults, **parameters}, template.get("Conditions", {}))
        self.resources = {n: r for n, r in template["Resources"].items() if self.exists(r)}
        for name in self.resources:
            self.add(name, f"<{name}>")

    def attribute(self, path: Any) -> Any:
        name, key = path.split(".", 1) if isinstance(path, str) else path
        if name not in self.resources:
            raise TemplateError(f"{name} does not exist with these options")
        return f"<{name}.{key}>"


def seen(template: Mapping[str, Any], parameters: Mapping[str, str] = {}) -> dict[str, Any]:
    """The resources that exist with these parameters, resolved. Raises TemplateError."""
    references = Seen(template, parameters)
    return {name: references.resolve(r) for name, r in references.resources.items()}
