"""Reads a CloudFormation template and resolves what refers to something else in it.

A folder of files is one template: each file declares what it needs, and nothing twice. Only what
the template uses is known; anything else is an error, so that what runs here cannot quietly be
something other than what is deployed. Conditions are decided as CloudFormation decides them, so
the branch that is not taken may refer to what does not exist.

Source: AWS CloudFormation User Guide, "Intrinsic function reference".
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

_NOT_CALLED_FN = frozenset({"Ref", "Condition"})
_NO_VALUE = object()
"""What ``AWS::NoValue`` stands for: the property is not there."""


class TemplateError(Exception):
    """The template says something that is not known here."""


class Unresolved(Exception):
    """Refers to a resource that does not exist yet."""


def load(path: Path) -> dict[str, Any]:
    """The template as plain data, short forms (``!Ref``) written out (``{"Ref": …}``).

    ``path``: a file, or a folder whose files are one template. Raises TemplateError.
    """
    if path.is_dir():
        return _merged(load(file) for file in sorted(path.glob("*.yaml")))
    template: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)
    return template


def _merged(files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for file in files:
        for section, content in file.items():
            if not isinstance(content, dict):
                whole[section] = content
                continue
            known = whole.setdefault(section, {})
            if twice := sorted(known.keys() & content.keys()):
                raise TemplateError(f"{section}: {twice} stand in more than one file")
            known |= content
    return whole


class References:
    """What ``Ref`` and ``GetAtt`` stand for, as far as it is known, and what is the case."""

    def __init__(self, known: Mapping[str, Any], conditions: Mapping[str, Any] = {}) -> None:
        self._refs: dict[str, Any] = {"AWS::NoValue": _NO_VALUE, **known}
        self._attributes: dict[tuple[str, str], Any] = {}
        self._conditions = conditions

    def add(self, name: str, ref: Any, **attributes: Any) -> None:
        self._refs[name] = ref
        self._attributes |= {(name, key): value for key, value in attributes.items()}

    def resolve(self, value: Any) -> Any:
        """The value with every reference replaced. Raises Unresolved, TemplateError."""
        if isinstance(value, list):
            return [v for v in map(self.resolve, value) if v is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (key := next(iter(value))) in _FUNCTIONS:
            return getattr(self, _FUNCTIONS[key])(value[key])
        unknown = [k for k in value if str(k).startswith("Fn::")]
        if unknown:
            raise TemplateError(f"{unknown[0]} is not known here")
        resolved = {k: self.resolve(v) for k, v in value.items()}
        return {k: v for k, v in resolved.items() if v is not _NO_VALUE}

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template is the case. Raises TemplateError."""
        if condition not in self._conditions:
            raise TemplateError(f"the condition {condition} is not known here")
        return bool(self.resolve(self._conditions[condition]))

    def exists(self, resource: Mapping[str, Any]) -> bool:
        """Whether the template wants it to be there."""
        return "Condition" not in resource or self.holds(resource["Condition"])

    def ref(self, name: str) -> Any:
        if name not in self._refs:
            raise Unresolved(name)
        return self._refs[name]

    def attribute(self, path: Any) -> Any:
        name, key = path.split(".", 1) if isinstance(path, str) else path
        if (name, key) not in self._attributes:
            raise Unresolved(f"{name}.{key}")
        return self._attributes[name, key]

    def substitute(self, asked: Any) -> str:
        text, own = (asked, {}) if isinstance(asked, str) else asked

        def found(match: re.Match[str]) -> str:
            name = match[1]
            if name in own:
                return str(self.resolve(own[name]))
            return str(self.attribute(name) if "." in name else self.ref(name))

        return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", found, text)

    def choose(self, asked: list[Any]) -> Any:
        condition, then, otherwise = asked
        return self.resolve(then if self.holds(condition) else otherwise)

    def equals(self, asked: list[Any]) -> bool:
        one, other = (str(self.resolve(v)) for v in asked)
        return one == other

    def negation(self, asked: list[Any]) -> bool:
        return not self.resolve(asked[0])

    def split(self, asked: list[Any]) -> list[str]:
        by, text = self.resolve(asked)
        return str(text).split(by)

    def both(self, asked: list[Any]) -> bool:
        return all(self.resolve(v) for v in asked)


_FUNCTIONS = {
    "Ref": "ref",
    "Condition": "holds",
    "Fn::GetAtt": "attribute",
    "Fn::Sub": "substitute",
    "Fn::If": "choose",
    "Fn::Equals": "equals",
    "Fn::Not": "negation",
    "Fn::And": "both",
    "Fn::Split": "split",
}


class _Loader(yaml.SafeLoader):
    pass


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    key = suffix if suffix in _NOT_CALLED_FN else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        said = loader.construct_scalar(node)
        return {key: said.split(".", 1) if suffix == "GetAtt" else said}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    raise TemplateError(f"!{suffix} with a mapping is not known here")


_Loader.add_multi_constructor("!", _short_form)
