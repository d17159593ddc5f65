"""Which value a parameter gets, and what is refused before AWS is asked."""

from pathlib import Path
from typing import Any

import pytest

from tools.deploy.errors import NotDeployed
from tools.deploy.package import INFRA
from tools.deploy.parameters import check, chosen, of_stage, told, wished

TEMPLATE: dict[str, Any] = {"Parameters": {"A": {"Default": "a"}, "B": {"Default": 2}, "C": {}}}
GOOD = {"MailFrom": "uploads@your.domain", "PageDomain": "", "CertificateArn": "", "PageZone": ""}


def test_the_first_that_says_something_counts() -> None:
    values = chosen(TEMPLATE, {"A": "found out"}, {"A": "told", "B": "told"}, {"C": "before"})
    assert values == {"A": "found out", "B": "told", "C": "before"}


def test_what_nobody_says_is_the_templates_default() -> None:
    assert chosen(TEMPLATE) == {"A": "a", "B": "2", "C": ""}


def test_what_the_template_does_not_know_any_more_is_forgotten() -> None:
    assert "Old" not in chosen(TEMPLATE, {}, {"Old": "before"})


def test_a_wish_is_taken_back_to_what_the_stage_begins_with_or_to_the_default() -> None:
    wishes = wished(told("A= B=", {"A", "B"}), {"A": "1", "B": "2", "C": "3"}, {"A": "0"})
    assert wishes == {"A": "0", "C": "3"}
    assert chosen(TEMPLATE, wishes) == {"A": "0", "B": "2", "C": "3"}


def test_what_is_told_now_counts_before_what_was_and_that_before_the_stages_own() -> None:
    assert wished({"A": "now"}, {"A": "then", "B": "then"}, {"A": "0", "B": "0", "C": "0"}) == {
        "A": "now",
        "B": "then",
        "C": "0",
    }


def test_wishes_are_told_by_name_and_may_be_quoted() -> None:
    assert told("A=1 'B=two words'", {"A", "B"}) == {"A": "1", "B": "two words"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Mail=x", "«Mail» is no parameter. There are: A, B"),
        ("A", "«A» is told no value. Write A=…"),
        ("A=it's", "SET cannot be read"),
        ("PageOrigin=https://x", "found out by the deployment"),
        ("WebAclArn=arn", "found out by the deployment"),
        ("Stage=prod", "found out by the deployment"),
    ],
)
def test_a_wish_that_means_nothing_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(NotDeployed, match=complaint):
        told(text, {"A", "B"})


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_each_stage_has_its_parameters(stage: str) -> None:
    assert of_stage(INFRA, stage)["Stage"] == stage


def test_a_stage_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotDeployed, match="no stage «test»"):
        of_stage(tmp_path, "test")


def test_a_sender_must_be_told() -> None:
    check(GOOD)
    with pytest.raises(NotDeployed, match="MailFrom=uploads@"):
        check(GOOD | {"MailFrom": "manyhands@example.org"})


@pytest.mark.parametrize("sender", ["", "foo", "it's", "a b@your.domain", "a@b"])
def test_a_sender_has_an_address(sender: str) -> None:
    with pytest.raises(NotDeployed, match="is no mail address"):
        check(GOOD | {"MailFrom": sender})


def test_what_is_found_out_is_not_offered() -> None:
    with pytest.raises(NotDeployed, match=r"There are: A\."):
        told("B=1", {"A", "PageOrigin", "WebAclArn"})


def test_a_domain_needs_a_certificate() -> None:
    check(GOOD | {"PageDomain": "upload.your.domain", "CertificateArn": "arn"})
    check(GOOD | {"PageDomain": "upload.your.domain", "PageZone": "Z1"})
    with pytest.raises(NotDeployed, match="needs a certificate"):
        check(GOOD | {"PageDomain": "upload.your.domain"})
