"""What stands before page and API."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.adapters.s3 import S3Parts, s3_client
from local.site import CONTENT_SECURITY, PERMISSIONS
from local.template import load
from tests.deployment.reading import EVERYTHING, Seen, seen
from tools.deploy.package import INFRA

Template = Mapping[str, Any]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)


def distribution(template: Template, options: Mapping[str, str] = {}) -> dict[str, Any]:
    found: dict[str, Any] = seen(template, options)["Distribution"]["Properties"]
    return found["DistributionConfig"] | {}


def headers(template: Template, options: Mapping[str, str] = {}) -> dict[str, Any]:
    policy = seen(template, options)["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    return dict(policy)


def content_security(template: Template, options: Mapping[str, str] = {}) -> str:
    said = headers(template, options)["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    return str(said["ContentSecurityPolicy"])


@pytest.mark.parametrize("options", [{}, EVERYTHING])
def test_the_page_is_told_what_every_test_of_it_runs_with(
    template: Template, options: Mapping[str, str]
) -> None:
    policy = content_security(template, options)
    sources = policy.partition("connect-src 'self' ")[2].partition(";")[0]
    assert policy == CONTENT_SECURITY.format(aws=sources)
    said = headers(template, options)
    (permissions,) = said["CustomHeadersConfig"]["Items"]
    assert (permissions["Header"], permissions["Value"]) == ("Permissions-Policy", PERMISSIONS)
    assert said["SecurityHeadersConfig"]["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert "ContentTypeOptions" in said["SecurityHeadersConfig"]


def test_only_pages_that_are_named_may_read_what_stands_here(template: Template) -> None:
    assert "CorsConfig" not in headers(template)
    two = "https://www.example.org,https://film.example.org"
    cors = headers(template, {"OtherOrigins": two})["CorsConfig"]
    assert cors["AccessControlAllowOrigins"]["Items"] == two.split(",")
    assert (cors["OriginOverride"], cors["AccessControlAllowCredentials"]) == (False, False)


def test_browsers_come_back_encrypted_for_two_years(template: Template) -> None:
    strict = headers(template)["SecurityHeadersConfig"]["StrictTransportSecurity"]
    assert strict["AccessControlMaxAgeSec"] == 2 * 365 * 24 * 3600


@pytest.mark.parametrize("accelerate", ["no", "yes"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_the_page_may_reach_the_host_that_urls_are_signed_for(
    template: Template, region: str, accelerate: str
) -> None:
    """In us-east-1 that is another host than in all other regions."""
    edge = s3_client(region, 8, accelerate=True) if accelerate == "yes" else None
    store = S3Parts(s3_client(region, 8), "bucket", edge=edge)
    urls = (
        store.sign_put("uploads/a", "multipart", 1, 5, "digest").url,
        store.sign_get("uploads/a", "name").url,
    )
    hosts = [f"https://{urlsplit(url).hostname}" for url in urls]
    assert ["s3-accelerate" in host for host in hosts] == [accelerate == "yes", False]
    policy = content_security(template, {"Accelerate": accelerate})
    allowed = (
        policy.replace("<Bucket.DomainName>", "bucket.s3.amazonaws.com")
        .replace("<Bucket.RegionalDomainName>", f"bucket.s3.{region}.amazonaws.com")
        .replace("<Bucket>", "bucket")
    )
    assert set(hosts) <= set(allowed.replace(";", " ").split())


def test_an_accelerated_bucket_is_one_whose_urls_are(template: Template) -> None:
    for options in ({}, {"Accelerate": "yes"}):
        found = seen(template, options)
        asked = found["APIHandler"]["Properties"]["Environment"]["Variables"]["ACCELERATE"]
        enabled = "AccelerateConfiguration" in found["Bucket"]["Properties"]
        assert (asked == "yes") is enabled is bool(options)


def test_calls_go_through_uncached_with_all_their_headers(template: Template) -> None:
    (api,) = distribution(template)["CacheBehaviors"]
    assert (api["PathPattern"], api["TargetOriginId"]) == ("/api/*", "api")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert {"GET", "PUT", "POST", "DELETE"} <= set(api["AllowedMethods"])


def test_no_refusal_is_kept_for_others(template: Template) -> None:
    """CloudFront keeps errors for ten seconds unless told, and its key holds no token."""
    kept = {e["ErrorCode"]: e for e in distribution(template)["CustomErrorResponses"]}
    assert set(kept) == {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
    assert all(e == {"ErrorCode": c, "ErrorCachingMinTTL": 0} for c, e in kept.items())


def test_the_apis_stage_is_the_first_part_of_its_paths(template: Template) -> None:
    assert template["Resources"]["RestAPI"]["Properties"]["StageName"] == "api"
    origins = {o["Id"]: o for o in distribution(template)["Origins"]}
    assert "OriginPath" not in origins["api"]
    assert origins["api"]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_the_page_is_read_by_our_distribution_alone(template: Template) -> None:
    found = seen(template)
    origins = {o["Id"]: o for o in distribution(template)["Origins"]}
    assert origins["page"]["OriginAccessControlId"] == "<PageAccess.Id>"
    statements = found["PageBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    for allowed in (s for s in statements if s["Effect"] == "Allow"):
        assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert allowed["Condition"]["StringEquals"]["AWS:SourceArn"].endswith("<Distribution>")


def test_nothing_is_answered_without_encryption(template: Template) -> None:
    config = distribution(template)
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert {b["ViewerProtocolPolicy"] for b in config["CacheBehaviors"]} == {"https-only"}


def test_a_domain_of_ones_own_has_its_certificate_and_its_names(template: Template) -> None:
    assert "Aliases" not in distribution(template)
    config, found = distribution(template, EVERYTHING), seen(template, EVERYTHING)
    assert config["Aliases"] == ["upload.your.domain"]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == EVERYTHING["CertificateArn"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    types = {found[n]["Properties"]["Type"] for n in ("PageRecord", "PageRecord6")}
    assert types == {"A", "AAAA"}
    assert config["WebACLId"] == EVERYTHING["WebAclArn"]


def test_names_are_made_only_in_a_zone_that_is_told(template: Template) -> None:
    elsewhere = {k: EVERYTHING[k] for k in ("PageDomain", "CertificateArn", "MailIdentity")}
    found = set(seen(template, elsewhere))
    assert "MailSender" in found
    assert not found & {"PageRecord", "PageRecord6", "MailRecords"}
    assert not set(seen(template, {"PageZone": "Z1", "MailZone": "Z2"})) & {
        *("PageRecord", "PageRecord6", "MailRecords", "MailSender")
    }
    records = seen(template, EVERYTHING)["MailRecords"]["Properties"]["RecordSets"]
    assert len({record["Name"] for record in records}) == 3


def test_the_address_that_is_told_is_the_distributions_or_ones_own(template: Template) -> None:
    for options, address in (
        ({}, "https://<Distribution.DomainName>"),
        (EVERYTHING, "https://upload.your.domain"),
    ):
        told = Seen(template, options).resolve(template["Outputs"]["PageUrl"])
        assert told == {"Value": address}


def test_people_sign_in_only_where_the_page_is(template: Template) -> None:
    client = seen(template, {"PageOrigin": "https://here"})["PoolClient"]["Properties"]
    elsewhere = [u for u in client["CallbackURLs"] if not u.startswith("http://127.0.0.1:")]
    assert elsewhere == client["LogoutURLs"] == ["https://here/"]


def test_a_second_factor_is_asked_for_where_it_is_wanted(template: Template) -> None:
    for mfa, factors in (("OFF", None), ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])):
        pool = seen(template, {"Mfa": mfa})["Pool"]["Properties"]
        assert (pool["MfaConfiguration"], pool.get("EnabledMfas")) == (mfa, factors)


def test_the_companion_stack_limits_calls_of_an_address() -> None:
    found = seen(load(INFRA / "us-east-1"), {"CallsPerAddress": "3000"})
    (rule,) = found["WebAcl"]["Properties"]["Rules"]
    assert rule["Statement"]["RateBasedStatement"]["Limit"] == "3000"
    said = found["WebAcl"]["Properties"]["CustomResponseBodies"]["ours"]["Content"]
    gateway = load(INFRA)["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    refusals = gateway["x-amazon-apigateway-gateway-responses"]
    throttled = refusals["THROTTLED"]["responseTemplates"]["application/json"]
    assert json.loads(said) == json.loads(throttled)
    assert found["WebAcl"]["Properties"]["Scope"] == "CLOUDFRONT"
