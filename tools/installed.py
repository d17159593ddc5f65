"""An installation on AWS, for the tools of its operator: the functions' own settings.

The tools run the server's own code on the operator's machine, with the operator's rights, and the
environment that the template gave to the sweep's function. A stack that already stands in the
environment, as the one on this machine, is taken as it is.

The region is the one thing that Lambda sets and the template does not. It is found once and put
where both look for it, boto3 (AWS_DEFAULT_REGION, a profile) and the server's code (AWS_REGION):
otherwise one would work in the region of a profile, and the other in us-east-1.
"""

import os
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.deploy.errors import NotDeployed
from tools.region import known_region


def enter(stack: str) -> None:
    """Take the settings of this CloudFormation stack's functions; "" for what stands there.

    Ends the tool in words where there is no region or no such stack.
    """
    if not stack:
        return
    try:
        region = known_region()
        os.environ.update(AWS_REGION=region, AWS_DEFAULT_REGION=region)
        os.environ.update(_settings(stack))
    except NotDeployed as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS refuses: {error}")


def output(stack: str, name: str) -> str:
    """An output of the stack. Raises KeyError."""
    (described,) = client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return str({o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}[name])


def client(service: str) -> Any:
    """A client in the region that was entered."""
    return boto3.client(service)  # type: ignore[call-overload]


def _settings(stack: str) -> dict[str, str]:
    described = client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId="Sweep"
    )
    function = described["StackResourceDetail"]["PhysicalResourceId"]
    configured = client("lambda").get_function_configuration(FunctionName=function)
    return dict(configured["Environment"]["Variables"])
