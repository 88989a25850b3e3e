"""The difference of two estimates: changed lines only, and its Markdown."""

from __future__ import annotations

from decimal import Decimal

from tierup.cost.diff import CostDifference, CostSide, as_markdown, signed
from tierup.cost.estimate import estimate
from tierup.cost.rules import PricedResource

NAT = "aws:ec2/natGateway:NatGateway"


def side(source: str, *resources: tuple[str, str]) -> CostSide:
    program = [
        PricedResource(type=type_, name=name, component="tierup:aws:It", parent=name, inputs={})
        for type_, name in resources
    ]
    return CostSide(source=source, region="us-east-1", estimate=estimate(program, "us-east-1"))


def difference() -> CostDifference:
    return CostDifference(
        before=side(
            "base", (NAT, "a"), ("aws:kms/key:Key", "key"), ("aws:sns/topicSubscription:TopicSubscription", "s")
        ),
        after=side("head", (NAT, "a"), (NAT, "b"), (NAT, "b"), ("aws:unknown/type:Type", "x")),
    )


def test_only_changed_lines_are_listed_largest_first() -> None:
    found = difference()
    assert [(each.line.name, each.usd) for each in found.lines] == [("b", Decimal("65.70")), ("key", Decimal("-1"))]
    assert found.usd == Decimal("64.70")
    assert [price.key for price in found.by_use_removed] == ["key-requests", "email"]
    assert found.by_use_added == []


def test_the_document_has_both_sides_of_each_line() -> None:
    document = difference().as_document()
    assert document["usd_a_month"] == 64.7
    assert document["lines"][0]["before"] is None
    assert document["lines"][0]["after"] == {"quantity": 2.0, "usd_a_month": 65.7}
    assert document["lines"][1]["after"] is None
    assert document["unpriced"] == ["aws:unknown/type:Type"]


def test_the_markdown_shows_the_sum_and_each_changed_line() -> None:
    text = as_markdown(difference().as_document())
    assert text.startswith("### Cost: +64.70 USD a month\n")
    assert "| b | NAT gateway | – | 2 | +65.70 |" in text
    assert "| key | KMS key | 1 | – | -1.00 |" in text
    assert "No price available: `aws:unknown/type:Type`." in text


def test_equal_sides_have_no_line() -> None:
    same = side("base", (NAT, "a"))
    found = CostDifference(before=same, after=same)
    assert found.lines == []
    assert "No line with a fixed monthly cost changes." in as_markdown(found.as_document())
    assert signed(found.usd) == "0.00"
