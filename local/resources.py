"""Creates the template's resources through boto3.

moto's own CloudFormation knows no Cognito and drops the bucket's CORS and lifecycle, so the very
file that is deployed is applied here, property by property. A type or a property that is not
handled is an error: either it is given a meaning, or it is listed as having none on one machine.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.makers import MAKERS, Client
from local.site import Answer
from local.template import References, TemplateError, Unresolved, load

ACCOUNT = "123456789012"
STACK = "manyhands-local"
HEADER = "gatewayresponse.header."

WITHOUT_MEANING: Mapping[str, str] = {
    "AWS::CloudFront::Distribution": "local/gateway.py has page and API on one address",
    "AWS::CloudFront::OriginAccessControl": "the page is read from its folder",
    "AWS::CloudFront::ResponseHeadersPolicy": "local/site.py says the same, which is tested",
    "AWS::CloudWatch::Alarm": "nobody watches",
    "AWS::CloudWatch::Dashboard": "nobody watches",
    "AWS::Cognito::ManagedLoginBranding": "local/sign_in stands for the managed login",
    "AWS::Cognito::UserPoolDomain": "local/sign_in has the page's own address",
    "AWS::IAM::Policy": "rights are not enforced; tests/deployment/test_policies.py compares them",
    "AWS::Logs::LogGroup": "logs go to the terminal",
    "AWS::Route53::RecordSet": "127.0.0.1 needs no name",
    "AWS::Route53::RecordSetGroup": "127.0.0.1 needs no name",
    "AWS::S3::BucketPolicy": "demands TLS, which moto enforces and 127.0.0.1 does not have",
    "AWS::SES::EmailIdentity": "local/stack.py verifies the sender, there is nobody to confirm it",
    "AWS::SNS::Subscription": "nobody watches",
    "AlarmTopic": "nobody watches",
    "PageBucket": "the page is read from its folder",
}
"""Types, and resources by name, that are not created on one machine, and why."""

BY_CHALICE = frozenset({"APIHandler", "Assemble", "Notify", "Sweep", "RestAPI"})
"""What the template adds to is not made of it: app.py is imported and called."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What exists now: references to it, and the rest of the template, unresolved."""

    references: References
    template: Mapping[str, Any]

    def environment(self, function: str) -> dict[str, str]:
        """The environment that the template gives to a function."""
        variables = self._function(function)["Environment"]["Variables"]
        return {k: str(v) for k, v in self.references.resolve(variables).items()}

    def source(self, function: str) -> dict[str, Any]:
        """The settings of a function's event source: filter, retries, where failures go."""
        events = self._function(function)["Events"]
        return dict(events[f"{function}DynamodbEventSource"]["Properties"])

    def patterns(self, function: str) -> list[dict[str, Any]]:
        filters = self.source(function)["FilterCriteria"]["Filters"]
        return [json.loads(f["Pattern"]) for f in filters]

    def refusals(self) -> dict[str, Answer]:
        """The gateway's own refusals that have a status of their own."""
        api = self.template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
        responses = api["x-amazon-apigateway-gateway-responses"]
        return {k: _answer(v) for k, v in responses.items() if "statusCode" in v}

    def _function(self, name: str) -> dict[str, Any]:
        return dict(self.template["Resources"][name]["Properties"])


def create_resources(
    path: Path, client: Client, region: str, parameters: Mapping[str, str]
) -> Resources:
    """Create everything that is to exist here, in a stack of its own name. Raises TemplateError.

    ``parameters`` may also replace ``AWS::StackName``, so that several stacks can stand side by
    side.
    """
    template = load(path)
    known = {"AWS::Region": region, "AWS::AccountId": ACCOUNT, "AWS::StackName": STACK}
    defaults = {k: p.get("Default") for k, p in template["Parameters"].items()}
    references = References(known | defaults | dict(parameters), template.get("Conditions", {}))
    waiting = {
        name: resource
        for name, resource in template["Resources"].items()
        if not {name, resource.get("Type", name)} & {*WITHOUT_MEANING, *BY_CHALICE}
        and references.exists(resource)
    }
    while waiting:
        made = [n for n, r in waiting.items() if _create(n, r, references, client)]
        if not made:
            raise TemplateError(f"these refer to nothing that exists: {sorted(waiting)}")
        waiting = {n: r for n, r in waiting.items() if n not in made}
    return Resources(references, template)


def _create(name: str, resource: Mapping[str, Any], references: References, client: Client) -> bool:
    maker = MAKERS.get(resource["Type"])
    if maker is None:
        raise TemplateError(f"{name}: {resource['Type']} is not known here")
    try:
        properties = references.resolve(resource.get("Properties", {}))
    except Unresolved:
        return False
    physical = f"{references.ref('AWS::StackName')}-{name.lower()}"
    ref, attributes = maker(client, physical, properties)
    if properties:
        raise TemplateError(f"{name}: properties not known here: {sorted(properties)}")
    references.add(name, ref, **attributes)
    return True


def _answer(response: Mapping[str, Any]) -> Answer:
    body = response["responseTemplates"]["application/json"]
    said = response.get("responseParameters", {})
    headers = {name.removeprefix(HEADER): value.strip("'") for name, value in said.items()}
    return Answer(
        int(response["statusCode"]), body.encode(), {"Content-Type": "application/json"} | headers
    )
