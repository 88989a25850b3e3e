"""The component pages and docs/reference/costs.md agree with the code, and budgets exceed the fixed monthly cost.

`make docs` writes the pages (tools/docs/components.py, tools/docs/costs.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import AWS_BUDGET_USD, Tier
from tests.stacks.test_architecture import CLOUDFLARE, built
from tools.docs import costs
from tools.docs.components import INDEX, PAGES, DocumentedComponent, components, created_types, pages, token


def test_every_page_agrees_with_the_code() -> None:
    fresh = pages()
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}
    wrong = {
        "missing": sorted(set(fresh) - set(written)),
        "without a component": sorted(set(written) - set(fresh)),
        "out of date": sorted(name for name in set(fresh) & set(written) if fresh[name] != written[name]),
    }
    assert not any(wrong.values()), f"{wrong}; run: make docs"


def test_the_index_leads_to_every_component() -> None:
    index = (PAGES / INDEX).read_text(encoding="utf-8")
    assert len(components()) > 50
    assert not [each.page for each in components() if f"]({each.page})" not in index]


def component(name: str) -> DocumentedComponent:
    return next(each for each in components() if each.cls.__name__ == name)


@pytest.mark.parametrize(
    ("name", "created", "not_created"),
    [
        # created by a function of another file
        ("LoadBalancer", "aws:lb/targetGroup:TargetGroup", "aws:lb/listenerRule:ListenerRule"),
        # created by a class of another file, which uses a third file
        ("WorkerService", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:lb/targetGroup:TargetGroup"),
        ("Network", "aws:ec2/natGateway:NatGateway", "aws:lb/loadBalancer:LoadBalancer"),
        # its annotations name resources of another component
        ("ScheduledTask", "aws:scheduler/schedule:Schedule", "aws:ecs/taskDefinition:TaskDefinition"),
    ],
)
def test_resource_types_are_found_through_calls_into_other_files(name: str, created: str, not_created: str) -> None:
    found = created_types(component(name))
    assert created in found
    assert not_created not in found


@pytest.mark.parametrize("changes", [{}, CLOUDFLARE], ids=["cloudfront", "cloudflare"])
def test_every_resource_of_the_program_is_on_a_page(changes: Mapping[str, str]) -> None:
    documented = {token(each): set(created_types(each)) for each in components()}
    # The stack passes a function as `dns_validation`, which creates these records.
    documented["tierup:aws:Certificate"].add("cloudflare:index/dnsRecord:DnsRecord")
    resources = built(Phase.ENTERPRISE, Tier.LARGE, **changes).resources
    by_parent: dict[str, set[str]] = {}  # by logical name, which a service and its autoscaling share
    for each in resources:
        if not each.custom:
            by_parent.setdefault(each.name, set()).update(documented[each.type])
    children = [each for each in resources if each.custom and each.parent in by_parent]
    assert len(children) > 100
    assert not [(each.name, each.type) for each in children if each.type not in by_parent[str(each.parent)]]


def test_a_page_shows_units_defaults_and_replacements() -> None:
    page = pages()[component("LoadBalancer").page]
    assert "| `idle_timeout_seconds` | `int` | `60` | Idle time-out of connections in seconds, 1 to 4,000." in page
    assert "| `vpc_id` | `Input[str]` | **required** |" in page
    assert "### `IngressSource`" in page
    assert "| `zone_id` | `Output[str]` | Hosted zone of `dns_name`, for alias records. |" in page
    assert "| `aws:ec2/securityGroup:SecurityGroup` | `description`, `name`" in page


def test_every_input_and_output_has_a_description() -> None:
    """The last column may be empty only in tables of replacements."""
    empty = re.compile(r"^\| `\w[^|]*` \|.*\|  \|$", re.MULTILINE)
    texts = {
        name: text.split("## Changes that replace resources")[0] for name, text in pages().items() if name != INDEX
    }
    assert {name: found for name, text in texts.items() if (found := empty.findall(text))} == {}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("ReplicationGroup", r"snapshot_days.*35"),  # of the class itself
        ("ReplicationGroup", r"log_retention_days.*CloudWatch Logs"),  # of a function in another file
        ("WorkerService", r"stop_timeout_seconds.*2 to 120"),  # of the base class
        ("AtlasCluster", r"floor.*ceiling|[Mm]in.*[Mm]ax"),  # of the type of an input
        ("AtlasBackupCompliance", r"authorized_last_name.*"),  # in a loop
    ],
)
def test_a_page_lists_validation_errors(name: str, error: str) -> None:
    _, _, errors = pages()[component(name).page].partition("## Validation errors\n")
    assert re.search(f"^- {error}", errors.partition("\n## ")[0], re.MULTILINE)


def test_a_page_lists_prices() -> None:
    assert "capacity unit (LCU) of a load balancer 0.008 per hour" in pages()[component("LoadBalancer").page]
    assert "The resource types of this component cost nothing." in pages()[component("CloudflareHeaders").page]


def test_the_page_of_costs_agrees_with_the_prices_and_the_program() -> None:
    assert costs.PAGE.read_text(encoding="utf-8") == costs.page(), "out of date; run: make docs"


@pytest.mark.parametrize(("phase", "tier"), list(itertools.product(Phase, Tier)))
def test_a_budget_is_1_3_to_2_1_times_the_fixed_monthly_cost(phase: Phase, tier: Tier) -> None:
    """The settings do not allow tier small in phase enterprise, so this combination has no estimate."""
    estimate = costs.estimates().get((phase, tier))
    if estimate is None:
        assert (phase, tier) == (Phase.ENTERPRISE, Tier.SMALL)
        assert AWS_BUDGET_USD[phase][tier] > AWS_BUDGET_USD[Phase.SCALE][tier]
        return
    ratio = AWS_BUDGET_USD[phase][tier] / float(estimate.usd("AWS"))
    assert 1.3 < ratio < 2.1, f"the budget should be about 1.5 times ${estimate.usd('AWS'):,.2f}"
