"""What a stack is deployed with. The first that says something counts:

1. what deployment finds out itself (the page's address, what was made in us-east-1),
2. ``SET="MailFrom=mail@example.org AlarmMail=ops@example.org"``,
3. what the stack was last deployed with, so that a wish is told once,
4. ``infra/parameters-STAGE.json``, what the stage begins with,
5. the template's default.

So the stage's file and the defaults are for what the stack was never deployed with. Refused: the
file before the last deployment, which took back in silence what ``SET`` had told.
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.deploy.errors import NotDeployed

FOUND_OUT = frozenset({"PageOrigin", "Stage", "WebAclArn"})
EXAMPLE = "@example.org"

Values = Mapping[str, str]


def told(text: str, known: Iterable[str]) -> dict[str, str]:
    """``Name=value`` and so on. Raises NotDeployed."""
    pairs = [word.partition("=") for word in shlex.split(text)]
    for name, sign, _ in pairs:
        if name in FOUND_OUT:
            raise NotDeployed(f"{name} is found out by the deployment; it cannot be set.")
        if not sign or name not in known:
            raise NotDeployed(f"«{name}» is no parameter. There are: {', '.join(sorted(known))}.")
    return {name: value for name, _, value in pairs}


def of_stage(infra: Path, stage: str) -> dict[str, str]:
    path = infra / f"parameters-{stage}.json"
    if not path.is_file():
        raise NotDeployed(f"There is no stage «{stage}»: {path.name} is not there.")
    values: dict[str, str] = json.loads(path.read_text())
    return values


def chosen(template: Mapping[str, Any], *layers: Values) -> dict[str, str]:
    """A value for each parameter of the template; the first layer that has one counts."""
    values = {name: str(p.get("Default", "")) for name, p in template["Parameters"].items()}
    for layer in reversed(layers):
        values |= {name: value for name, value in layer.items() if name in values}
    return values


def check(values: Values) -> None:
    """What CloudFormation would find out after minutes, or not at all. Raises NotDeployed."""
    if values["MailFrom"].endswith(EXAMPLE):
        raise NotDeployed(
            "Nobody is known to send the mails. Tell it once: make deploy "
            'SET="MailFrom=uploads@your.domain MailIdentity=your.domain"'
        )
    if values["PageDomain"] and not values["CertificateArn"]:
        raise NotDeployed(
            f"{values['PageDomain']} needs a certificate: set PageZone, the hosted zone that holds "
            "it, for one to be made, or CertificateArn, one of yours in us-east-1."
        )
