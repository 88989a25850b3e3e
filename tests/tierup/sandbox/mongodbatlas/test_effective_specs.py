"""Effective sizes of Atlas clusters: what runs, beside what the program declares."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tierup.sandbox.behaviour import Call
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.mongodbatlas.effective_specs import autoscale, current, ignored_sizes

from ..aws.account import Account
from .test_clusters import CLUSTER, cluster, region
from .test_project import project


def scaling(disk: bool = False, compute: bool = False, low: str = "M10", high: str = "M50") -> dict[str, Any]:
    bounds = {"computeMaxInstanceSize": high, "computeMinInstanceSize": low, "computeScaleDownEnabled": True}
    return {"diskGbEnabled": disk, "computeEnabled": compute, **(bounds if compute else {})}


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def group(account: Account) -> str:
    return project(account)


def given(group: str, size: str = "M10", effective: bool = True, **scales: Any) -> dict[str, Any]:
    more = {key: scales.pop(key) for key in ("diskSizeGb",) if key in scales}
    inputs = cluster(group, region(size=size, autoScaling=scaling(**scales), **more))
    return {**inputs, "useEffectiveFields": effective, "advancedConfiguration": {"oplogMinRetentionHours": 0}}


def runs(resource: CloudResource) -> tuple[str, float]:
    """Return the instance size and disk that Atlas runs."""
    specs = resource.outputs["replicationSpecs"][0]["regionConfigs"][0]["effectiveElectableSpecs"]
    return specs["instanceSize"], specs["diskSizeGb"]


def scaled(account: Account, resource: CloudResource, size: str | None, disk: float | None = None) -> CloudResource:
    after = autoscale(resource, size, disk)
    account.cloud.change(after)
    return after


def test_new_cluster_runs_what_is_declared(account: Account, group: str) -> None:
    assert runs(account.make(CLUSTER, "a", name="a", **given(group, "M30"))) == ("M30", 40)
    assert runs(account.make(CLUSTER, "b", name="b", **given(group, "M30", diskSizeGb=100))) == ("M30", 100)


def test_autoscaling_changes_the_effective_size_alone(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **given(group, disk=True, compute=True))
    grown = scaled(account, made, "M40", 90)
    assert runs(grown) == ("M40", 90)
    assert grown.inputs == made.inputs
    shown = current(grown, declared=False)[0]["regionConfigs"][0]["electableSpecs"]
    assert (shown["instanceSize"], shown["diskSizeGb"]) == ("M40", 90)
    declared = current(grown, declared=True)[0]["regionConfigs"][0]["electableSpecs"]
    assert declared["instanceSize"] == "M10"


def test_without_effective_fields_autoscaling_is_drift(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **given(group, effective=False, compute=True))
    grown = scaled(account, made, "M40")
    specs = grown.inputs["replicationSpecs"][0]["regionConfigs"][0]["electableSpecs"]
    assert specs == {"instanceSize": "M40", "nodeCount": 3}


def test_atlas_ignores_a_declared_size_while_autoscaling_stays_enabled(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **given(group, compute=True))
    grown = scaled(account, made, "M40")
    changed = account.change(grown, **given(group, "M20", compute=True))
    assert runs(changed)[0] == "M40"


@pytest.mark.parametrize("scales", [{}, {"disk": True, "compute": True}])
def test_update_that_toggles_autoscaling_resets_the_effective_size(
    account: Account, group: str, scales: dict[str, bool]
) -> None:
    made = account.make(CLUSTER, name="app", **given(group, compute=True))
    changed = account.change(scaled(account, made, "M40"), **given(group, "M20", **scales))
    assert runs(changed) == ("M20", 20)


def test_lower_declared_disk_shrinks_the_disk(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **given(group, "M30", diskSizeGb=100))
    assert runs(account.change(made, **given(group, "M30", diskSizeGb=60))) == ("M30", 60)


@pytest.mark.parametrize(
    ("retention", "accepted"),
    [({"oplogMinRetentionHours": 0}, True), ({"oplogMinRetentionHours": 12}, False), (None, False)],
)
def test_disk_autoscaling_stays_on_while_oplog_is_retained(
    account: Account, group: str, retention: dict[str, Any] | None, accepted: bool
) -> None:
    inputs = given(group, disk=True)
    inputs.pop("advancedConfiguration")
    made = account.make(
        CLUSTER, name="app", **inputs, **({} if retention is None else {"advancedConfiguration": retention})
    )
    # Atlas applies cluster updates before process arguments, so 0 hours in the same update come too late.
    codes = account.change_codes(made, **given(group, disk=False))
    assert codes == (set() if accepted else {"OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING"})


@pytest.mark.parametrize(
    ("low", "high", "accepted"),
    [("M10", "M50", True), ("M40", "M60", True), ("M50", "M60", False), ("M10", "M30", False)],
)
def test_a_range_must_contain_the_effective_size(
    account: Account, group: str, low: str, high: str, accepted: bool
) -> None:
    made = account.make(CLUSTER, name="app", **given(group, "M30", compute=True))
    grown = scaled(account, made, "M40")
    # The declared size is inside the range, but does not take effect while autoscaling stays enabled.
    declared = low if low != "M10" else "M30"
    codes = account.change_codes(grown, **given(group, declared, compute=True, low=low, high=high))
    assert codes == (set() if accepted else {"INVALID_ATTRIBUTE"})


def test_new_range_takes_two_updates(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **given(group, "M10", compute=True))
    fixed = account.change(made, **given(group, "M50"))
    ranged = account.change(fixed, **given(group, "M50", compute=True, low="M50", high="M60"))
    assert runs(ranged)[0] == "M50"


@pytest.mark.parametrize("kind", ["readOnlySpecs", "analyticsSpecs"])
def test_specs_cannot_be_removed_while_effective_fields_are_toggled(account: Account, group: str, kind: str) -> None:
    nodes: dict[str, Any] = {kind: {"instanceSize": "M10", "nodeCount": 1}}
    made = account.make(CLUSTER, name="app", **cluster(group, region(**nodes)))
    plain = cluster(group, region())
    assert account.change_codes(made, **plain, useEffectiveFields=True) == {"PlanError"}
    assert not account.change_codes(made, **cluster(group, region(**nodes)), useEffectiveFields=True)
    assert not account.change_codes(made, **plain)


def test_removed_specs_and_autoscaling_stay(account: Account, group: str) -> None:
    nodes: dict[str, Any] = {"readOnlySpecs": {"instanceSize": "M10", "nodeCount": 1}}
    made = account.make(CLUSTER, name="app", **cluster(group, region(autoScaling=scaling(compute=True), **nodes)))
    changed = account.change(made, **cluster(group, region()))
    config = changed.outputs["replicationSpecs"][0]["regionConfigs"][0]
    assert config["readOnlySpecs"] == nodes["readOnlySpecs"]
    assert config["autoScaling"]["computeEnabled"] is True


@pytest.mark.parametrize("provider", ["TENANT", "FLEX"])
def test_effective_fields_require_a_dedicated_cluster(account: Account, group: str, provider: str) -> None:
    config = {"providerName": provider, "backingProviderName": "AWS", "regionName": "EU_WEST_1", "priority": 7}
    inputs = {"projectId": group, "clusterType": "REPLICASET", "replicationSpecs": [{"regionConfigs": [config]}]}
    messages = [each.path for each in account.rejections(CLUSTER, name="app", **inputs, useEffectiveFields=True)]
    assert "useEffectiveFields" in messages


def test_ignored_size_and_combined_toggle_are_warnings(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **given(group, compute=True))

    def warnings(inputs: dict[str, Any]) -> list[str]:
        call = Call(CLUSTER, made.urn, "", "", inputs, account.cloud, "", old=made.inputs, this=made)
        return list(ignored_sizes(call, "update"))

    (warning,) = warnings({**made.inputs, **given(group, "M20", compute=True)})
    assert warning.startswith(
        "replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize: Atlas ignores the change from M10 to M20"
    )
    assert warnings({**made.inputs, **given(group, "M20")}) == []
    (toggled,) = warnings({**made.inputs, **given(group, "M20", effective=False, compute=True)})
    assert toggled.startswith("useEffectiveFields: MongoDB recommends")


@pytest.mark.parametrize(
    ("size", "disk", "message"),
    [
        ("M60", None, "outside the autoscaling range (got M60). Allowed are M10 to M50."),
        ("huge", None, "outside the autoscaling range (got huge)"),
        (None, 5, "never shrinks a disk (got 5, has 10)"),
        (None, None, "--instance-size: must be set, unless --disk-gb is (got neither)."),
    ],
)
def test_autoscaling_outside_its_limits_is_rejected(
    account: Account, group: str, size: str | None, disk: float | None, message: str
) -> None:
    made = account.make(CLUSTER, name="app", **given(group, disk=True, compute=True))
    with pytest.raises(ValueError, match=re.escape(message)):
        autoscale(made, size, disk)


def test_scaling_while_autoscaling_is_disabled_is_rejected(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **given(group))
    with pytest.raises(ValueError, match="autoscaling of the instance size is disabled"):
        autoscale(made, "M20", None)
    with pytest.raises(ValueError, match="disk autoscaling is disabled"):
        autoscale(made, None, 100)
