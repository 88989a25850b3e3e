"""What a step does: interruptions, data at risk, time and cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tierup.cost.estimate import Estimate, Line
from tierup.switch.effects import KEPT_TYPES, StepEffects, compare_costs
from tierup.switch.interruptions import CLUSTER, INTERRUPTIONS, REPLICATION_GROUP, interruption_of
from tierup.switch.resource_changes import Operation, ResourceChange
from tierup.switch.rules import DATA, NETWORK, STATEFUL

LOGS = "aws:cloudwatch/logGroup:LogGroup"
SUBNET = "aws:ec2/subnet:Subnet"
RECORD = "aws:route53/record:Record"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def change(operation: Operation, type: str, name: str = "one", **more: Any) -> ResourceChange:
    return ResourceChange(operation=operation, type=type, name=name, **more)


def cluster(before: str, after: str) -> ResourceChange:
    def inputs(size: str) -> dict[str, Any]:
        return {"replicationSpecs": [{"regionConfigs": [{"electableSpecs": {"instanceSize": size}}]}]}

    return change("update", CLUSTER, properties=["replicationSpecs"], before=inputs(before), after=inputs(after))


def effects(*changes: ResourceChange) -> StepEffects:
    return StepEffects(changes=changes, previewed=True)


def seconds_of(found: ResourceChange, *others: ResourceChange) -> int | None:
    effect = interruption_of(found, (found, *others))
    return effect.seconds if effect is not None else None


# --- interruptions ---


def test_a_resize_of_the_database_waits_for_an_election_and_autoscaling_does_not() -> None:
    assert seconds_of(cluster("M10", "M30")) == 12
    assert seconds_of(cluster("M30", "M30")) == 0


@pytest.mark.parametrize(("nodes", "seconds"), [(1, 60), (2, 1)])
def test_a_resize_of_the_cache_interrupts_a_single_node_for_longer(nodes: int, seconds: int) -> None:
    resized = change("update", REPLICATION_GROUP, properties=["nodeType"], before={"numCacheClusters": nodes})
    assert seconds_of(resized) == seconds


@pytest.mark.parametrize(
    ("operation", "record", "seconds"),
    [
        ("update", "aws:route53/record:Record api-alias-a", 60),
        ("update", "cloudflare:index/dnsRecord:DnsRecord api-record-cname", 60),
        ("delete", "aws:route53/record:Record api-alias-a", 0),
        ("update", "aws:route53/record:Record site-alias-a", 0),
    ],
)
@pytest.mark.parametrize("source", ["api-from-internet-https-ipv4", "api-from-cloudfront"])
def test_the_lock_of_the_load_balancer_interrupts_only_while_the_name_of_the_api_moves(
    operation: Operation, record: str, seconds: int, source: str
) -> None:
    closed = change("delete", INGRESS, source)
    moved = change(operation, *record.split())
    assert seconds_of(closed, moved) == seconds


def test_a_created_resource_interrupts_nothing_and_an_unlisted_update_is_unknown() -> None:
    assert seconds_of(change("create", "aws:unknown/thing:Thing")) == 0
    unlisted = change("update", "aws:unknown/thing:Thing")
    assert seconds_of(unlisted) is None
    assert effects(unlisted).unknown == [unlisted]


def test_every_interruption_states_a_sentence_and_a_source() -> None:
    assert [each for each in INTERRUPTIONS if not each.effect.endswith(".") or not each.source] == []


def test_interruptions_of_one_kind_count_once_and_the_longest_is_first() -> None:
    single = change("update", REPLICATION_GROUP, properties=["nodeType"], before={"numCacheClusters": 1})
    found = effects(cluster("M10", "M30"), cluster("M10", "M30"), single)
    assert [effect.seconds for _, effect in found.interruptions] == [60, 12, 12]
    assert found.seconds == 72


# --- data and what users reach ---


def test_deleted_data_is_refused_until_it_is_named() -> None:
    found = effects(change("delete", LOGS, "worker-logs"), change("update", LOGS, "backend-logs"))
    assert [each.name for each in found.lost_data] == ["worker-logs"]
    assert [each.name for each in found.refused(())] == ["worker-logs"]
    assert found.refused(["worker-logs"]) == []


def test_a_replacement_of_what_users_reach_is_refused_even_if_it_is_named() -> None:
    found = effects(change("replace", RECORD, "api"))
    assert [each.name for each in found.refused(["api"])] == ["api"]
    assert effects(change("delete", RECORD, "api")).refused(()) == []


def test_a_subnet_holds_no_data_and_is_protected() -> None:
    found = effects(change("delete", SUBNET, "network-private-a"))
    assert (found.lost_data, [each.name for each in found.protected_deletions]) == ([], ["network-private-a"])
    assert {SUBNET} <= NETWORK <= KEPT_TYPES
    assert not NETWORK & set(DATA)
    assert set(STATEFUL) - NETWORK <= set(DATA)


# --- time and cost ---


def test_a_step_takes_its_longest_change_and_then_its_longest_deletion() -> None:
    kept = change("update", CLUSTER)  # 15 min
    deleted = change("delete", "aws:cloudfront/distribution:Distribution")  # 10 min
    assert effects(kept, change("create", RECORD), deleted).min_seconds == 25 * 60
    assert effects().min_seconds == 0


def _line(name: str, key: str, usd: str) -> Line:
    from types import SimpleNamespace
    from typing import cast

    found = SimpleNamespace(component="c", name=name, price=SimpleNamespace(key=key, what=key), usd=Decimal(usd))
    return cast("Line", found)


def _estimate(*lines: Line) -> Estimate:
    from types import SimpleNamespace
    from typing import cast

    total = sum((line.usd for line in lines), Decimal())
    return cast("Estimate", SimpleNamespace(lines=lines, unpriced=["x"], usd=lambda: total))


def test_costs_are_compared_by_price_and_component_with_the_largest_difference_first() -> None:
    before = _estimate(_line("database", "m10", "58"), _line("cache", "micro", "10"), _line("network", "nat", "35"))
    after = _estimate(_line("database", "m30", "394"), _line("cache", "micro", "10"), _line("network", "nat", "70"))
    found = compare_costs(before, after)
    assert [(each.what, each.before, each.after) for each in found.changes] == [
        ("m30", 0, 394),
        ("m10", 58, 0),
        ("nat", 35, 70),
    ]
    assert (found.before, found.after, found.unpriced) == (103, 474, ["x"])
