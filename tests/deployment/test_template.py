"""The packaged template: what Chalice makes of ``app.py``, the stages and ``infra/``.

Typos in ``.chalice/config.json`` are silently ignored by Chalice, so what matters is asserted on
the result.
"""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.resources import BY_CHALICE, WITHOUT_MEANING
from local.template import load
from tests.deployment.reading import EVERYTHING, KEY, OPTIONS, seen

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = {"APIHandler": "api", "Assemble": "assemble", "Notify": "notify", "Sweep": "sweep"}
TIMES = {"APIHandler": 25, "Assemble": 900, "Notify": 60, "Sweep": 600}
MEMORY = {"APIHandler": 512, "Assemble": 512, "Notify": 256, "Sweep": 256}
SETTINGS = {
    *("TABLE", "BUCKET", "TOPIC", "POOL_ID", "CLIENT_IDS", "MAIL_FROM", "PAGE_URL", "STAGE"),
    *("LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"),
}
HOLD_DATA = ("Bucket", "Pool", "Table")

Resources = Mapping[str, Any]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_has_its_own_role_with_its_own_policy(
    resources: Resources, function: str
) -> None:
    properties = resources[function]["Properties"]
    role, _ = properties["Role"]["Fn::GetAtt"]
    (policy,) = resources[role]["Properties"]["Policies"]
    written = json.loads((ROOT / ".chalice" / f"policy-{FUNCTIONS[function]}.json").read_text())
    assert policy["PolicyDocument"] == written
    roles = [
        r["Properties"]["Role"]["Fn::GetAtt"][0] for k, r in resources.items() if k in FUNCTIONS
    ]
    assert roles.count(role) == 1


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_has_its_settings_its_time_and_its_memory(
    resources: Resources, function: str
) -> None:
    properties = resources[function]["Properties"]
    assert (properties["Timeout"], properties["MemorySize"]) == (TIMES[function], MEMORY[function])
    assert set(properties["Environment"]["Variables"]) >= SETTINGS
    assert properties["Handler"] == {"APIHandler": "app.app"}.get(
        function, f"app.{function.lower()}"
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_to_a_log_that_was_there_before_it_and_ends(
    resources: Resources, function: str
) -> None:
    """Were it named after the function, Lambda might make it first, and the stack fail at it."""
    log = f"{function}Logs"
    assert resources[function]["Properties"]["LoggingConfig"] == {"LogGroup": {"Ref": log}}
    properties = resources[log]["Properties"]
    assert properties["RetentionInDays"] == {"Ref": "LogDays"}
    assert "${AWS::StackName}" in properties["LogGroupName"]["Fn::Sub"]


@pytest.mark.parametrize("function", ["Assemble", "Notify"])
def test_stream_functions_retry_within_bounds_and_then_report(
    resources: Resources, function: str
) -> None:
    (source,) = (e["Properties"] for e in resources[function]["Properties"]["Events"].values())
    assert source["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert (source["BatchSize"], source["MaximumRetryAttempts"]) == (1, 5)
    assert (source["MaximumRecordAgeInSeconds"], source["ParallelizationFactor"]) == (3600, 10)
    assert source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] == "Failures"
    assert json.loads(source["FilterCriteria"]["Filters"][0]["Pattern"])["eventName"] == ["MODIFY"]


def test_the_sweep_is_tried_again_within_bounds_and_then_reported(resources: Resources) -> None:
    """The API's function is all that has neither: who calls it gets the answer and tries again."""
    invoked = resources["Sweep"]["Properties"]["EventInvokeConfig"]
    assert (invoked["MaximumRetryAttempts"], invoked["MaximumEventAgeInSeconds"]) == (1, 900)
    assert invoked["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] == "Failures"


def test_one_execution_is_set_aside_for_the_sweep_where_the_account_has_enough(
    template: Resources,
) -> None:
    for reserved, expected in (("yes", 1), ("no", None)):
        sweep = seen(template, {"SweepReserved": reserved})["Sweep"]["Properties"]
        assert sweep.get("ReservedConcurrentExecutions") == expected


@pytest.mark.parametrize("name", HOLD_DATA)
def test_what_holds_data_outlives_its_stack(resources: Resources, name: str) -> None:
    kept = resources[name]
    assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_nothing_else_outlives_its_stack(resources: Resources) -> None:
    assert {name for name, r in resources.items() if "DeletionPolicy" in r} == set(HOLD_DATA)


@pytest.mark.parametrize("options", OPTIONS)
def test_with_any_options_nothing_refers_to_what_does_not_exist(
    template: Resources, options: str
) -> None:
    found = seen(template, OPTIONS[options])
    assert set(HOLD_DATA) <= set(found)


def test_the_table_can_be_brought_back_and_in_production_not_be_deleted(
    template: Resources,
) -> None:
    for options, protected in (({}, False), (EVERYTHING, True)):
        table = seen(template, options)["Table"]["Properties"]
        assert table["DeletionProtectionEnabled"] is protected
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
        assert table["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("name", ["Bucket", "PageBucket"])
def test_buckets_are_private_and_encrypted(template: Resources, name: str) -> None:
    bucket = seen(template)[name]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    policy = seen(template)[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
    assert policy[0]["Effect"] == "Deny"
    assert policy[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_signature_is_good_for_no_longer_than_a_ticket(template: Resources) -> None:
    policy = seen(template)["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    aged = {s["Sid"]: s["Condition"] for s in policy}["PresignedUrlsLiveSixteenMinutes"]
    assert aged["NumericGreaterThan"] == {"s3:signatureAge": "960000"}


def test_with_a_key_of_ones_own_who_touches_objects_may_use_it(template: Resources) -> None:
    found = seen(template, {"KeyArn": KEY})
    (rule,) = found["Bucket"]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": KEY,
    }
    use = found["KeyUse"]["Properties"]
    (statement,) = use["PolicyDocument"]["Statement"]
    assert use["Roles"] == ["<ApiHandlerRole>", "<AssembleRole>", "<SweepRole>"]
    assert (statement["Resource"], statement["Action"]) == (
        KEY,
        ["kms:Decrypt", "kms:GenerateDataKey"],
    )
    assert "KeyUse" not in seen(template)


def test_calls_are_throttled_and_compressed(template: Resources) -> None:
    api = seen(template, {"ApiRate": "7", "ApiBurst": "9"})["RestAPI"]["Properties"]
    (method,) = api["MethodSettings"]
    assert (method["ResourcePath"], method["HttpMethod"]) == ("/*", "*")
    assert (method["ThrottlingRateLimit"], method["ThrottlingBurstLimit"]) == ("7", "9")
    assert api["MinimumCompressionSize"] == 1024


def test_what_runs_on_one_machine_is_what_is_deployed(resources: Resources) -> None:
    """All but what Chalice adds is created locally too, or is known to mean nothing there."""
    ours = load(ROOT / "infra")["Resources"]
    added = {k for k in resources if k not in ours}
    assert all(resources[k]["Type"].startswith(("AWS::IAM", "AWS::Lambda")) for k in added)
    assert {name for name, r in ours.items() if "Type" not in r} == BY_CHALICE
    assert all(resources[name] == r for name, r in ours.items() if "Type" in r)
    used = {r["Type"] for r in ours.values() if "Type" in r} | set(ours)
    assert set(WITHOUT_MEANING) <= used


def test_the_code_that_is_deployed_is_the_servers_alone_and_compiled(packaged: Path) -> None:
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        paths = archive.namelist()
    names = {path.split("/")[0] for path in paths}
    assert {"app.py", "chalicelib", "jwt", "msgspec"} <= names
    assert not names & {"local", "manyhands", "tests", "tools", "moto", "boto3"}
    assert "chalicelib/service/__pycache__" in {str(Path(p).parent) for p in paths}
