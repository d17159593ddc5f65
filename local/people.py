"""Sample people in overlapping groups, for trying things out on one machine."""

from dataclasses import dataclass
from typing import Any

PASSWORD = "Many-hands-1"
"""Of every sample person. It opens nothing but a stack on this machine."""


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    groups: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"


SAMPLES = (
    Sample("ana", ("film",)),
    Sample("ben", ("film", "lab")),
    Sample("cleo", ("lab",)),
)


def bring_in(cognito: Any, pool_id: str) -> None:
    """Create the groups and the people, ready to sign in."""
    for group in sorted({g for sample in SAMPLES for g in sample.groups}):
        cognito.create_group(UserPoolId=pool_id, GroupName=group)
    for sample in SAMPLES:
        _bring_in(cognito, pool_id, sample)


def _bring_in(cognito: Any, pool_id: str, sample: Sample) -> None:
    who = {"UserPoolId": pool_id, "Username": sample.name}
    cognito.admin_create_user(
        **who,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": sample.email},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    for group in sample.groups:
        cognito.admin_add_user_to_group(**who, GroupName=group)
