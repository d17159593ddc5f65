"""Each adapter says in its docstring which permissions it needs; here it is held to that."""

import re
from contextlib import suppress
from types import ModuleType

import pytest

from chalicelib.adapters import cognito, dynamodb, limits, s3, ses, sns
from chalicelib.domain.board import Person
from chalicelib.domain.lifetime import Lifetime
from chalicelib.ports import Announcement, Mail, PartsGone
from tests.adapters.cloud import SENDER, Cloud
from tests.adapters.recorder import Recorder
from tests.contracts.samples import ANA, NOW, an_upload

ACTIONS = {
    "s3:CreateMultipartUpload": {"s3:PutObject"},
    "s3:CompleteMultipartUpload": {"s3:PutObject"},
    "s3:ListParts": {"s3:ListMultipartUploadParts"},
    "s3:HeadObject": {"s3:GetObject", "s3:ListBucket"},
}
"""Calls that need a permission of another name. The others need the one of their own."""


@pytest.mark.parametrize("module", [dynamodb, limits, s3, cognito, sns, ses])
def test_the_calls_of_an_adapter_are_those_it_names(cloud: Cloud, module: ModuleType) -> None:
    calls = _ALL[module](cloud)
    needed = {action for call in calls for action in ACTIONS.get(call, {call})}
    assert needed == _named(module)


def _dynamodb(cloud: Cloud) -> list[str]:
    client = cloud.client("dynamodb")
    recorder = Recorder(client)
    uploads = dynamodb.DynamoUploads(client, cloud.table, Lifetime())
    manifests = dynamodb.DynamoManifests(client, cloud.table)
    uploads.save(uploads.add(an_upload()))
    uploads.get("a")
    uploads.in_group("film", None, 5)
    uploads.due(NOW, 5)
    uploads.open_of(ANA)
    uploads.usage_of("film", stored=True)
    manifests.put("a", 1, 0, b"d" * 32)
    manifests.get("a", 1, 0)
    manifests.whole("a", 1)
    manifests.remove("a", 1)
    return recorder.calls


def _limits(cloud: Cloud) -> list[str]:
    client = cloud.client("dynamodb")
    recorder = Recorder(client)
    limits.DynamoLimits(client, cloud.table).of_group("film")
    return recorder.calls


def _s3(cloud: Cloud) -> list[str]:
    client = cloud.s3()
    recorder, store = Recorder(client), s3.S3Parts(client, cloud.bucket)
    id = store.create("k", "token", "film.mov")
    store.parts("k", id)
    store.abort("k", id)
    with suppress(PartsGone):
        store.join("k", id, [], 0)
    store.find("k")
    store.delete("k")
    return recorder.calls


def _cognito(cloud: Cloud) -> list[str]:
    client = cloud.client("cognito-idp")
    recorder = Recorder(client)
    cognito.CognitoPeople(client, cloud.pool).address(Person("sub-nobody", "nobody"))
    return recorder.calls


def _sns(cloud: Cloud) -> list[str]:
    client = cloud.client("sns")
    recorder = Recorder(client)
    sns.SnsTopic(client, cloud.topic).publish(Announcement("Stored", "{}", {}))
    return recorder.calls


def _ses(cloud: Cloud) -> list[str]:
    client = cloud.client("ses")
    recorder = Recorder(client)
    ses.SesMailer(client, SENDER).send("ana@example.org", Mail("Stored", "text", "<p>html</p>"))
    return recorder.calls


_ALL = {dynamodb: _dynamodb, limits: _limits, s3: _s3, cognito: _cognito, sns: _sns, ses: _ses}


def _named(module: ModuleType) -> set[str]:
    named = r"\b(?:dynamodb|s3|cognito-idp|sns|ses):[A-Z]\w+"
    return set(re.findall(named, module.__doc__ or ""))
