"""Which value a parameter gets, and what is refused before AWS is asked."""

from pathlib import Path
from typing import Any

import pytest

from tools.deploy.errors import NotDeployed
from tools.deploy.package import INFRA
from tools.deploy.parameters import check, chosen, of_stage, told

TEMPLATE: dict[str, Any] = {"Parameters": {"A": {"Default": "a"}, "B": {"Default": 2}, "C": {}}}
GOOD = {"MailFrom": "uploads@your.domain", "PageDomain": "", "CertificateArn": ""}


def test_the_first_that_says_something_counts() -> None:
    values = chosen(TEMPLATE, {"A": "found out"}, {"A": "told", "B": "told"}, {"C": "before"})
    assert values == {"A": "found out", "B": "told", "C": "before"}


def test_what_nobody_says_is_the_templates_default() -> None:
    assert chosen(TEMPLATE) == {"A": "a", "B": "2", "C": ""}


def test_what_the_template_does_not_know_any_more_is_forgotten() -> None:
    assert "Old" not in chosen(TEMPLATE, {}, {"Old": "before"})


def test_an_empty_wish_is_a_wish() -> None:
    assert chosen(TEMPLATE, told("A=", {"A"}), {"A": "before"})["A"] == ""


def test_wishes_are_told_by_name_and_may_be_quoted() -> None:
    assert told("A=1 'B=two words'", {"A", "B"}) == {"A": "1", "B": "two words"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Mail=x", "«Mail» is no parameter. There are: A, B"),
        ("A", "«A» is no parameter"),
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


def test_a_domain_needs_a_certificate() -> None:
    check(GOOD | {"PageDomain": "upload.your.domain", "CertificateArn": "arn"})
    with pytest.raises(NotDeployed, match="needs a certificate"):
        check(GOOD | {"PageDomain": "upload.your.domain"})
