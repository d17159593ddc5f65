"""Which region of AWS a tool works in."""

import os

import boto3

from tools.deploy.errors import NotDeployed


def known_region() -> str:
    """boto3 for its part does not know AWS_REGION, which every other tool does."""
    region = os.environ.get("AWS_REGION") or boto3.session.Session().region_name
    if not region:
        raise NotDeployed("No region is known; set AWS_REGION, e.g. AWS_REGION=eu-central-1.")
    return region
