"""AWS for the operator: which stack, its clients, and AWS's refusals as sentences.

Credentials, region and endpoints are those of every AWS tool (AWS_PROFILE, AWS_ENDPOINT_URL and so
on); nothing of them is kept here. A stack is found by its name, through its own outputs, so there
is nothing to configure. boto3 is imported by these functions alone: who uploads does without it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from manyhands.errors import BadInput, NotReady, Refused, Unreachable

OUTPUTS = ("PoolId", "TableName")
MISSING = (
    "«manyhands admin» needs boto3, which uploading does not. Install it beside this command: "
    "«pip install boto3», or «pipx inject manyhands boto3»."
)
NO_CREDENTIALS = (
    "There are no AWS credentials here. Sign in as for every AWS tool (AWS_PROFILE, "
    "«aws sso login»), and run the command again. Nothing was changed."
)
NO_REGION = "Which AWS region? Give --region, or set AWS_REGION. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Where:
    """What was said of the stack; "" for what was not."""

    stack: str = ""
    region: str = ""
    pool: str = ""
    table: str = ""


@dataclass
class Aws:
    """One stack's AWS. The stack is asked where it is when somebody needs that."""

    where: Where
    _outputs: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Raises NotReady."""
        with told():
            return _boto3().Session(region_name=self._region()).client(service)

    @property
    def pool(self) -> str:
        return self.where.pool or self._output("PoolId")

    @property
    def table(self) -> str:
        return self.where.table or self._output("TableName")

    def _region(self) -> str | None:
        """A pool's id begins with its region; the last resort is boto3's own configuration."""
        by_pool = self.where.pool.partition("_")[0]
        return self.where.region or by_pool or os.environ.get("AWS_REGION")

    def _output(self, name: str) -> str:
        if not self._outputs:
            self._outputs = self._asked()
        if name not in self._outputs:
            raise BadInput(f"The stack «{self.where.stack}» has no output {name}: not a Manyhands.")
        return self._outputs[name]

    def _asked(self) -> dict[str, str]:
        cloud = self.client("cloudformation")
        with told(ValidationError=_no_stack(self.where.stack)):
            stack = cloud.describe_stacks(StackName=self.where.stack)["Stacks"][0]
        return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}


@contextmanager
def told(**meant: str) -> Iterator[None]:
    """AWS's errors as ours; ``meant``: by AWS's code, what is wrong with what was asked for.

    Raises BadInput, NotReady, Refused, Unreachable.
    """
    exceptions = _exceptions()
    try:
        yield
    except exceptions.ClientError as error:
        raise _refusal(error, meant) from error
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise Unreachable(f"AWS does not answer: {error}") from error
    except exceptions.NoRegionError as error:
        raise NotReady(NO_REGION) from error
    except exceptions.NoCredentialsError as error:
        raise NotReady(NO_CREDENTIALS) from error
    except exceptions.ParamValidationError as error:
        raise BadInput(f"AWS takes no such name. {error}") from error
    except exceptions.BotoCoreError as error:
        raise NotReady(f"AWS cannot be asked: {error} Nothing was changed.") from error


def _refusal(error: Any, meant: dict[str, str]) -> Exception:
    said = error.response.get("Error", {})
    code = str(said.get("Code", ""))
    if code in meant:
        return BadInput(meant[code])
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return Refused(code, f"AWS refused ({code}): {said.get('Message', '')}", status=status)


def _no_stack(name: str) -> str:
    return (
        f"There is no stack «{name}» in this account and region. Say which: --stage, --stack and "
        "--region; or --pool and --table."
    )


def _boto3() -> Any:
    try:
        import boto3
    except ImportError as error:
        raise NotReady(MISSING) from error
    return boto3


def _exceptions() -> Any:
    _boto3()
    from botocore import exceptions

    return exceptions
