"""What is remembered of a stack that went: what it left behind, as what, and what it was told.

An import describes what is there, and CloudFormation believes it: the update that follows changes
only where two templates differ. So the definitions and values of then are noted as well; imported
by those of today, a bucket would be taken for encrypted with a key that it never saw.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

SECTIONS = ("Parameters", "Conditions", "Resources")


@dataclass(frozen=True, slots=True)
class Note:
    """``kept``: names in the template, and names on AWS. ``template``: the sections above."""

    kept: Mapping[str, str] = field(default_factory=dict)
    template: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def and_then(self, later: "Note") -> "Note":
        """Both; of what stands in both, the later."""
        return Note(
            {**self.kept, **later.kept},
            {s: {**self.template.get(s, {}), **later.template.get(s, {})} for s in SECTIONS},
            {**self.values, **later.values},
        )

    def without(self, name: str) -> "Note":
        return replace(self, kept={n: called for n, called in self.kept.items() if n != name})

    def described(self) -> dict[str, Any]:
        """A template of what was kept, as it was deployed, and of nothing else."""
        resources = {name: self.template["Resources"][name] for name in self.kept}
        return {"AWSTemplateFormatVersion": "2010-09-09", **self.template, "Resources": resources}

    def written(self) -> dict[str, Any]:
        return asdict(self)
