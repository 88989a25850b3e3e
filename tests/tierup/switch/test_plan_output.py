"""A planned switch as text and as a document."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

from rich.console import Console

from tests.tierup.switch.configs import config, wanted
from tierup.switch.effects import CostChange, CostComparison, StepEffects
from tierup.switch.interruptions import CLUSTER
from tierup.switch.plan_output import as_document, changes_text, counts_text, kind_of, print_description, value_text
from tierup.switch.planned_effects import Description
from tierup.switch.planner import plan_switch
from tierup.switch.resource_changes import ResourceChange

RESIZED = ResourceChange(
    operation="update",
    type=CLUSTER,
    name="database-cluster",
    properties=["replicationSpecs"],
    before={"replicationSpecs": [{"regionConfigs": [{"electableSpecs": {"instanceSize": "M10"}}]}]},
    after={"replicationSpecs": [{"regionConfigs": [{"electableSpecs": {"instanceSize": "M30"}}]}]},
)
LOGS = ResourceChange(operation="delete", type="aws:cloudwatch/logGroup:LogGroup", name="worker-logs")
NAT = ResourceChange(operation="create", type="aws:ec2/natGateway:NatGateway", name="network-nat")


def description(*first: ResourceChange, cost: CostComparison | None = None) -> Description:
    plan = plan_switch(config("mvp", "small"), wanted("scale", "medium"), "prod")
    steps = [StepEffects(changes=first, previewed=True)]
    steps += [StepEffects(changes=(), previewed=False) for _ in plan.steps[1:]]
    return Description(plan=plan, effects=steps, cost=cost)


def text(found: Description, *accepted: str) -> str:
    console = Console(file=io.StringIO(), width=200)
    print_description(console, found, accepted)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_text_has_steps_reasons_interruptions_and_time() -> None:
    printed = text(description(RESIZED, NAT))
    assert "Switch of stack 'prod': phase mvp → scale, tier small → medium" in printed
    assert "Step 1 of 2: phase scale, tier medium, originLock 'off', pauseDatabaseAutoscaling true" in printed
    assert "(origin-lock-after-dns)" in printed
    assert "1 to create, 1 to update in place" in printed
    assert "update  advanced cluster: database-cluster (replicationSpecs)" in printed
    assert "create  nat gateway 1" in printed
    assert "12 s database-cluster: Writes wait for an election" in printed
    assert "No data is deleted, and nothing that users reach is replaced." in printed
    assert "Step 2 of 2: originLock unset, pauseDatabaseAutoscaling unset" in printed
    assert "no resource changes (by the program alone; the engine previews the step before it)" in printed
    assert "Fixed monthly cost: there are no prices for the region." in printed
    assert "Interruption: 12 s are expected in total." in printed
    assert "Estimated time on the real clouds: at least 15 min." in printed


def test_the_text_names_data_that_would_be_deleted() -> None:
    assert "data worker-logs: would be deleted, and with it the log events" in text(description(LOGS))
    assert "Interruption: none is expected." in text(description(LOGS))


def test_the_text_compares_the_cost() -> None:
    lines = [
        CostChange(name="database", what=f"price {number}", before=Decimal(0), after=Decimal(number))
        for number in range(20, 0, -1)
    ]
    cost = CostComparison(before=Decimal(100), after=Decimal(310), changes=lines, unpriced=[])
    printed = text(description(NAT, cost=cost))
    assert "Fixed monthly cost: 100.00 → 310.00 USD (+210.00)" in printed
    assert "+20.00  database: price 20 (0.00 → 20.00)" in printed
    assert "+36.00  others" in printed  # the eight smallest


def test_the_document_has_the_same_facts_and_is_plain() -> None:
    found: Any = json.loads(json.dumps(as_document(description(RESIZED, LOGS), ["worker-logs"])))
    first, second = found["steps"]
    assert found["change"] == "phase mvp → scale, tier small → medium"
    assert found["interruption_seconds"] == first["interruption_seconds"] == 12
    assert first["counts"] == {"create": 0, "update": 1, "replace": 0, "delete": 1}
    assert (first["lost_data"], first["refused"]) == (["worker-logs"], [])
    assert {rule["id"] for rule in first["rules"]} == {"origin-lock-after-dns", "database-autoscaling-paused"}
    assert (second["previewed"], second["settings"]["tierup:originLock"]) == (False, None)
    assert found["cost"] is None
    assert as_document(description(LOGS))["steps"][0]["refused"] == ["worker-logs"]


def test_settings_counts_and_types_are_readable() -> None:
    assert changes_text({"tierup:tier": "large", "tierup:kmsKey": None}) == "tier large, kmsKey unset"
    assert value_text({"a": [1, True]}) == "{a: [1, true]}"
    assert counts_text(StepEffects(changes=(), previewed=True)) == "no resource changes"
    assert kind_of("aws:ec2/natGateway:NatGateway") == "nat gateway"
