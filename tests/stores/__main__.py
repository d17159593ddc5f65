"""``python -m tests.stores``: a trial of the S3 and the DynamoDB that the environment names.

By the standard AWS variables: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB (or AWS_ENDPOINT_URL),
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION; and S3_ADDRESSING. Makes a bucket and a table
of its own, says what does not hold, and ends with 0 if all does.
"""

import os
import secrets
import sys
from typing import Any

import boto3
from botocore.exceptions import ClientError

from chalicelib.adapters.s3 import s3_client
from tests.races.others import fresh_table
from tests.stores.trial import Trial


def main() -> int:
    region = os.environ.get("AWS_REGION", "us-east-1")
    addressing: Any = os.environ.get("S3_ADDRESSING") or "virtual"
    s3 = s3_client(region, 60, addressing)
    dynamodb: Any = boto3.client("dynamodb", region_name=region)
    bucket = f"manyhands-trial-{secrets.token_hex(4)}"
    place: Any = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
    table = fresh_table(dynamodb)
    faults = Trial(dynamodb, table, s3, bucket).run()
    for step, fault in faults.items():
        print(f"{step}: {fault}")
    print("Does not hold." if faults else "All holds.")
    dynamodb.delete_table(TableName=table)
    try:
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        print(f"The bucket {bucket} stays there: {error}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
