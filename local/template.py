"""Reads a CloudFormation template and resolves what refers to something else in it.

Only what the template uses is known; anything else is an error, so that what runs here cannot
quietly be something other than what is deployed.

Source: AWS CloudFormation User Guide, "Intrinsic function reference".
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

NO_VALUE = object()
"""Stands where nothing is to stand."""

_NOT_CALLED_FN = frozenset({"Ref", "Condition"})


class TemplateError(Exception):
    """The template says something that is not known here."""


class Unresolved(Exception):
    """Refers to a resource that does not exist yet."""


def load(path: Path) -> dict[str, Any]:
    """The template as plain data, short forms (``!Ref``) written out (``{"Ref": …}``)."""
    template: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)
    return template


class References:
    """What ``Ref`` and ``GetAtt`` stand for, as far as it is known."""

    def __init__(self, known: Mapping[str, Any], conditions: Mapping[str, Any] = {}) -> None:
        self._refs: dict[str, Any] = {"AWS::NoValue": NO_VALUE} | dict(known)
        self._conditions = conditions
        self._attributes: dict[tuple[str, str], Any] = {}

    def add(self, name: str, ref: Any, **attributes: Any) -> None:
        self._refs[name] = ref
        self._attributes |= {(name, key): value for key, value in attributes.items()}

    def resolve(self, value: Any) -> Any:
        """The value with every reference replaced. Raises Unresolved, TemplateError."""
        if isinstance(value, list):
            return [v for v in map(self.resolve, value) if v is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (key := next(iter(value))) in _FUNCTIONS:
            return _FUNCTIONS[key](self, value[key])
        unknown = [k for k in value if str(k).startswith("Fn::")]
        if unknown:
            raise TemplateError(f"{unknown[0]} is not known here")
        resolved = {k: self.resolve(v) for k, v in value.items()}
        return {k: v for k, v in resolved.items() if v is not NO_VALUE}

    def ref(self, name: str) -> Any:
        if name not in self._refs:
            raise Unresolved(name)
        return self._refs[name]

    def attribute(self, path: Any) -> Any:
        name, key = path.split(".", 1) if isinstance(path, str) else path
        if (name, key) not in self._attributes:
            raise Unresolved(f"{name}.{key}")
        return self._attributes[name, key]

    def chosen(self, value: list[Any]) -> Any:
        name, yes, no = value
        return self.resolve(yes if self.resolve(self._conditions[name]) else no)

    def negated(self, value: list[Any]) -> bool:
        (condition,) = self.resolve(value)
        return not condition

    def equal(self, value: list[Any]) -> bool:
        one, other = self.resolve(value)
        return bool(one == other)

    def split(self, value: list[Any]) -> list[str]:
        by, text = self.resolve(value)
        return str(text).split(by)

    def substitute(self, text: str) -> str:
        def found(match: re.Match[str]) -> str:
            name = match[1]
            return str(self.attribute(name) if "." in name else self.ref(name))

        return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", found, text)


_FUNCTIONS: Mapping[str, Callable[[References, Any], Any]] = {
    "Ref": References.ref,
    "Fn::Equals": References.equal,
    "Fn::GetAtt": References.attribute,
    "Fn::If": References.chosen,
    "Fn::Not": References.negated,
    "Fn::Split": References.split,
    "Fn::Sub": References.substitute,
}


class _Loader(yaml.SafeLoader):
    pass


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    key = suffix if suffix in _NOT_CALLED_FN else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {key: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    raise TemplateError(f"!{suffix} with a mapping is not known here")


_Loader.add_multi_constructor("!", _short_form)
