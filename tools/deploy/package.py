"""The deployable template and its code: Chalice's functions merged with ``infra/``.

The files of ``infra/`` are merged first, since Chalice merges one; as JSON, in which no anchor and
no date can be misread on the way.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.template import load
from tools.bytecode import add_bytecode

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
SOMEWHERE = "eu-central-1"
"""Chalice wants to know a region, and does not use it."""


@dataclass(frozen=True, slots=True)
class Package:
    """``template`` names no code yet: see ``with_code``."""

    template: Mapping[str, Any]
    code: bytes

    def with_code(self, bucket: str, key: str) -> dict[str, Any]:
        """The template whose functions run the code that lies there."""
        place = {"CodeUri": {"Bucket": bucket, "Key": key}}
        resources = {
            name: r | {"Properties": r["Properties"] | place} if _is_function(r) else r
            for name, r in self.template["Resources"].items()
        }
        return {**self.template, "Resources": resources}


def make_package(stage: str, folder: Path) -> Package:
    """``sam.json`` and ``deployment.zip`` in the folder. Raises CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    merged = folder / "infra.json"
    merged.write_text(json.dumps(load(INFRA)))
    chalice = Path(sys.executable).with_name("chalice")
    subprocess.run(
        [chalice, "package", "--stage", stage, "--merge-template", merged.resolve(), folder],
        cwd=ROOT,
        env={"AWS_DEFAULT_REGION": SOMEWHERE} | os.environ,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    add_bytecode(folder / "deployment.zip")
    return read_package(folder)


def read_package(folder: Path) -> Package:
    template = json.loads((folder / "sam.json").read_text())
    return Package(template, (folder / "deployment.zip").read_bytes())


def _is_function(resource: Mapping[str, Any]) -> bool:
    return bool(resource["Type"] == "AWS::Serverless::Function")
