"""Creates the template's resources through boto3.

moto's own CloudFormation knows no Cognito and drops the bucket's CORS and lifecycle, so the very
file that is deployed is applied here, property by property. A type or a property that is not
handled is an error: either it is given a meaning, or it is listed as having none on one machine.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.site import Answer
from local.template import References, TemplateError, Unresolved, load

ACCOUNT = "123456789012"
STACK = "manyhands-local"
HEADER = "gatewayresponse.header."

WITHOUT_MEANING = frozenset(
    {
        "AWS::CloudWatch::Alarm",  # nobody watches
        "AWS::Cognito::ManagedLoginBranding",  # local/sign_in stands for the managed login
        "AWS::Cognito::UserPoolDomain",
        "AWS::Logs::LogGroup",  # logs go to the terminal
        "AWS::S3::BucketPolicy",  # demands TLS, which moto enforces and 127.0.0.1 does not have
    }
)

Properties = dict[str, Any]
Made = tuple[str, dict[str, Any]]
Client = Callable[[str], Any]


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
    """Create everything in the template, in a stack of its own name. Raises TemplateError.

    ``parameters`` may also replace ``AWS::StackName``, so that several stacks can stand side by
    side.
    """
    template = load(path)
    known = {"AWS::Region": region, "AWS::AccountId": ACCOUNT, "AWS::StackName": STACK}
    defaults = {k: p.get("Default") for k, p in template["Parameters"].items()}
    references = References(known | defaults | dict(parameters), template["Conditions"])
    waiting = {
        name: resource
        for name, resource in template["Resources"].items()
        if "Type" in resource and resource["Type"] not in WITHOUT_MEANING
    }
    while waiting:
        made = [n for n, r in waiting.items() if _create(n, r, references, client)]
        if not made:
            raise TemplateError(f"these refer to nothing that exists: {sorted(waiting)}")
        waiting = {n: r for n, r in waiting.items() if n not in made}
    return Resources(references, template)


def _create(name: str, resource: Mapping[str, Any], references: References, client: Client) -> bool:
    maker = _MAKERS.get(resource["Type"])
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


def _bucket(client: Client, name: str, p: Properties) -> Made:
    s3 = client("s3")
    s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name}
    )
    s3.put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration=p.pop("PublicAccessBlockConfiguration")
    )
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=p.pop("OwnershipControls"))
    s3.put_bucket_encryption(
        Bucket=name, ServerSideEncryptionConfiguration=_encryption(p.pop("BucketEncryption"))
    )
    s3.put_bucket_cors(Bucket=name, CORSConfiguration=_cors(p.pop("CorsConfiguration")))
    s3.put_bucket_lifecycle_configuration(
        Bucket=name, LifecycleConfiguration=_lifecycle(p.pop("LifecycleConfiguration"))
    )
    return name, {"Arn": f"arn:aws:s3:::{name}"}


def _encryption(property: Properties) -> Properties:
    rules = property["ServerSideEncryptionConfiguration"]
    by_default = "ServerSideEncryptionByDefault"
    return {"Rules": [{f"Apply{by_default}": rule[by_default]} for rule in rules]}


def _cors(property: Properties) -> Properties:
    names = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    rules = property["CorsRules"]
    return {"CORSRules": [{names.get(k, k): v for k, v in rule.items()} for rule in rules]}


def _lifecycle(property: Properties) -> Properties:
    rules = ({("ID" if k == "Id" else k): v for k, v in r.items()} for r in property["Rules"])
    return {"Rules": [rule | {"Filter": {"Prefix": ""}} for rule in rules]}


def _table(client: Client, name: str, p: Properties) -> Made:
    dynamodb = client("dynamodb")
    expiry = p.pop("TimeToLiveSpecification")
    recovery = p.pop("PointInTimeRecoverySpecification")
    stream = p.pop("StreamSpecification") | {"StreamEnabled": True}
    asked = {k: p.pop(k) for k in list(p)}
    made = dynamodb.create_table(TableName=name, StreamSpecification=stream, **asked)
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    table = made["TableDescription"]
    return name, {"Arn": table["TableArn"], "StreamArn": table["LatestStreamArn"]}


def _pool(client: Client, _: str, p: Properties) -> Made:
    name = p.pop("UserPoolName")
    asked = {k: p.pop(k) for k in list(p)}
    pool = client("cognito-idp").create_user_pool(PoolName=name, **asked)["UserPool"]
    return pool["Id"], {"Arn": pool["Arn"]}


def _pool_client(client: Client, _: str, p: Properties) -> Made:
    asked = {k: p.pop(k) for k in list(p)}
    made = client("cognito-idp").create_user_pool_client(**asked)["UserPoolClient"]
    return made["ClientId"], {}


def _pool_group(client: Client, _: str, p: Properties) -> Made:
    asked = {k: p.pop(k) for k in list(p)}
    return client("cognito-idp").create_group(**asked)["Group"]["GroupName"], {}


def _topic(client: Client, _: str, p: Properties) -> Made:
    return client("sns").create_topic(Name=p.pop("TopicName"))["TopicArn"], {}


def _queue(client: Client, _: str, p: Properties) -> Made:
    sqs, name = client("sqs"), p.pop("QueueName")
    attributes = {k: str(p.pop(k)) for k in list(p)}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return url, {"Arn": arn["QueueArn"], "QueueName": name}


_MAKERS: Mapping[str, Callable[[Client, str, Properties], Made]] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::DynamoDB::Table": _table,
    "AWS::Cognito::UserPool": _pool,
    "AWS::Cognito::UserPoolClient": _pool_client,
    "AWS::Cognito::UserPoolGroup": _pool_group,
    "AWS::SNS::Topic": _topic,
    "AWS::SQS::Queue": _queue,
}


def _answer(response: Mapping[str, Any]) -> Answer:
    body = response["responseTemplates"]["application/json"]
    said = response.get("responseParameters", {})
    headers = {name.removeprefix(HEADER): value.strip("'") for name, value in said.items()}
    return Answer(
        int(response["statusCode"]), body.encode(), {"Content-Type": "application/json"} | headers
    )
