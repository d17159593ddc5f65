"""How a resource of each type is made through boto3, property by property.

A maker takes out of the properties what it gave a meaning to; what is left over is an error of
``local/resources.py``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from local.template import TemplateError

Properties = dict[str, Any]
Made = tuple[str, dict[str, Any]]
"""What ``Ref`` and ``GetAtt`` stand for."""

Client = Callable[[str], Any]


def _bucket(client: Client, name: str, p: Properties) -> Made:
    s3 = client("s3")
    s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name}
    )
    if acceleration := p.pop("AccelerateConfiguration", None):
        s3.put_bucket_accelerate_configuration(
            Bucket=name,
            AccelerateConfiguration={"Status": acceleration["AccelerationStatus"]},
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
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    rules = property["ServerSideEncryptionConfiguration"]
    return {"Rules": [{names.get(k, k): v for k, v in rule.items()} for rule in rules]}


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
    name, factors = p.pop("UserPoolName"), p.pop("EnabledMfas", [])
    cognito, mfa = client("cognito-idp"), p.pop("MfaConfiguration")
    asked = {k: p.pop(k) for k in list(p)}
    pool = cognito.create_user_pool(PoolName=name, **asked)["UserPool"]
    if factors == ["SOFTWARE_TOKEN_MFA"]:
        cognito.set_user_pool_mfa_config(
            UserPoolId=pool["Id"],
            SoftwareTokenMfaConfiguration={"Enabled": True},
            MfaConfiguration=mfa,
        )
    elif factors:
        raise TemplateError(f"the second factor {factors} is not known here")
    return pool["Id"], {"Arn": pool["Arn"]}


def _pool_client(client: Client, _: str, p: Properties) -> Made:
    asked = {k: p.pop(k) for k in list(p)}
    made = client("cognito-idp").create_user_pool_client(**asked)["UserPoolClient"]
    return made["ClientId"], {}


def _topic(client: Client, _: str, p: Properties) -> Made:
    return client("sns").create_topic(Name=p.pop("TopicName"))["TopicArn"], {}


def _queue(client: Client, _: str, p: Properties) -> Made:
    sqs, name = client("sqs"), p.pop("QueueName")
    attributes = {k: str(p.pop(k)).lower() for k in list(p)}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return url, {"Arn": arn["QueueArn"], "QueueName": name}


MAKERS: Mapping[str, Callable[[Client, str, Properties], Made]] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::DynamoDB::Table": _table,
    "AWS::Cognito::UserPool": _pool,
    "AWS::Cognito::UserPoolClient": _pool_client,
    "AWS::SNS::Topic": _topic,
    "AWS::SQS::Queue": _queue,
}
