"""An installation on AWS, for the tools of its operator: the functions' own settings.

The tools run the server's own code on the operator's machine, with the operator's rights, and the
environment that the template gave to the sweep's function. A stack that already stands in the
environment, as the one on this machine, is taken as it is.
"""

import os
from typing import Any

import boto3


def enter(stack: str) -> None:
    """Take the settings of this CloudFormation stack's functions; "" for what stands there."""
    if not stack:
        return
    described = _client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId="Sweep"
    )
    function = described["StackResourceDetail"]["PhysicalResourceId"]
    settings = _client("lambda").get_function_configuration(FunctionName=function)
    os.environ.update(settings["Environment"]["Variables"])


def output(stack: str, name: str) -> str:
    """An output of the stack. Raises KeyError."""
    (described,) = _client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return str({o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}[name])


def _client(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]
