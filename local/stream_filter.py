"""Lambda's filter patterns for event sources, as far as the template uses them.

A pattern names fields; each leads to a further pattern or to a list of what may stand there: plain
values, or ``{"anything-but": […]}``. A field that is absent matches nothing. Other operators are
refused rather than taken for a match.

Source: AWS Lambda Developer Guide, "Filter rule syntax".
"""

from collections.abc import Mapping
from typing import Any


def matches(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether the record passes. Raises ValueError for operators that are not known here."""
    return all(_field(rule, record.get(name)) for name, rule in pattern.items())


def _field(rule: Any, value: Any) -> bool:
    if isinstance(rule, Mapping):
        return matches(rule, value if isinstance(value, Mapping) else {})
    return any(_one(choice, value) for choice in rule)


def _one(choice: Any, value: Any) -> bool:
    if not isinstance(choice, Mapping):
        return bool(value == choice)
    if set(choice) != {"anything-but"}:
        raise ValueError(f"filter operator {sorted(choice)} is not known here")
    return value is not None and value not in choice["anything-but"]
