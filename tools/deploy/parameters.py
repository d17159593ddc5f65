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
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.deploy.errors import NotDeployed

FOUND_OUT = frozenset({"PageOrigin", "Stage", "WebAclArn"})
EXAMPLE = "@example.org"
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")

Values = Mapping[str, str]


def told(text: str, known: Iterable[str]) -> dict[str, str]:
    """``Name=value`` and so on. Raises NotDeployed."""
    try:
        pairs = [word.partition("=") for word in shlex.split(text)]
    except ValueError as error:
        raise NotDeployed(f'SET cannot be read: {error}. Write SET="Name=value …".') from error
    for name, sign, _ in pairs:
        _know(name, known)
        if not sign:
            raise NotDeployed(f"«{name}» is told no value. Write {name}=…")
    return {name: value for name, _, value in pairs}


def _know(name: str, known: Iterable[str]) -> None:
    if name in FOUND_OUT:
        raise NotDeployed(f"{name} is found out by the deployment; it cannot be set.")
    if name not in known:
        there = ", ".join(sorted({*known} - FOUND_OUT))
        raise NotDeployed(f"«{name}» is no parameter. There are: {there}.")


def wished(told: Values, before: Values, begins: Values) -> dict[str, str]:
    """What was told now, else before, else what the stage begins with; told empty, it is taken back
    to the beginning."""
    back = {name for name, value in told.items() if not value}
    held = {name: value for name, value in {**before, **told}.items() if name not in back}
    return {**begins, **held}


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
    sender = values["MailFrom"]
    if sender.endswith(EXAMPLE):
        raise NotDeployed(
            "Nobody is known to send the mails. Tell it once: make deploy "
            'SET="MailFrom=uploads@your.domain MailIdentity=your.domain"'
        )
    if not ADDRESS.fullmatch(sender):
        raise NotDeployed(f"«{sender}» is no mail address for MailFrom.")
    if values["PageDomain"] and not (values["CertificateArn"] or values["PageZone"]):
        raise NotDeployed(
            f"{values['PageDomain']} needs a certificate: set PageZone, the hosted zone that holds "
            "it, for one to be made, or CertificateArn, one of yours in us-east-1."
        )
