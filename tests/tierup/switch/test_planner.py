"""The planner makes steps that are safe one by one, refuses what is not possible, and keeps what must not shrink."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from components.cdn.provider import CdnKind
from stacks.catalog.phases import Phase
from stacks.config.transitions import FORBIDDEN_CHANGES, ORDER_RULES, needed_delegation, transition_errors
from tests.tierup.switch.configs import PAIRS, STATES, State, config, wanted
from tierup.program_settings import RejectedSettingsError
from tierup.switch.config_values import differences, value_at
from tierup.switch.planner import RefusedSwitchError, SwitchPlan, plan_switch, settings_of

STACK = "prod"
ROTATED = ("database", "cache", "originKey")
HOSTED: dict[str, Any] = {
    "frontendHost": "netlify",
    "backendHost": "railway",
    "hosts": {"repository": "you/app", "netlifyTeam": "you", "railwayWorkspace": "w1"},
}
ZONE = "0" * 32
API = {"apiDomain": "api.example.com"}
BEHIND_CLOUDFLARE: dict[str, Any] = {"cdn": "cloudflare", "cloudflareZoneId": ZONE}
SHARDS = {"sizeOverrides.databaseShards": 2}
REGIONAL: dict[str, Any] = {
    "regions": ["eu-central-1"],
    "cacheAuth": "token",
    "sizeOverrides": {"cacheNodeType": "cache.m7g.large"},
}


def plan(start: dict[str, Any], **changes: Any) -> SwitchPlan:
    return plan_switch(start, {f"tierup:{key}": value for key, value in changes.items()}, STACK)


def refused(start: dict[str, Any], **changes: Any) -> list[str]:
    with pytest.raises(RefusedSwitchError) as caught:
        plan(start, **changes)
    return [each.id for each in caught.value.changes]


def rules(found: SwitchPlan) -> list[list[str]]:
    return [[rule.id for rule in step.rules] for step in found.steps]


def outcome(before: State, after: State) -> SwitchPlan | None:
    try:
        return plan_switch(config(*before), wanted(*after), STACK)
    except RefusedSwitchError:
        return None


# --- every pair of states ---


@pytest.mark.parametrize("before", STATES, ids=lambda state: "-".join(state))
def test_no_step_makes_a_change_that_a_rule_divides(before: State) -> None:
    plans = [found for pair in PAIRS if pair[0] == before and (found := outcome(*pair)) is not None]
    assert plans
    for found in plans:
        current = found.start
        assert found.steps
        for step in found.steps:
            assert [*transition_errors(settings_of(current, STACK), settings_of(step.config, STACK))] == []
            assert differences(current, step.config) == step.changes
            current = step.config
        assert not differences(current, found.target)


def test_only_leaving_enterprise_and_too_large_disks_are_refused() -> None:
    missing = {pair for pair in PAIRS if outcome(*pair) is None}
    assert missing == {
        (before, after)
        for before, after in PAIRS
        if (before[0] is Phase.ENTERPRISE and after[0] is not Phase.ENTERPRISE)
        or (before[1] == "large" and after[1] == "small")
    }


def test_going_up_and_back_ends_with_the_settings_of_the_start_and_what_is_kept() -> None:
    up = plan(config("optimization", "medium"), phase="scale", tier="large")
    back = plan(dict(up.target), phase="optimization", tier="medium")
    assert differences(up.start, back.target) == {"tierup:sizeOverrides.databaseDiskGb": 160, "tierup:kmsKey": True}


# --- the rules ---


def test_a_cache_and_a_database_get_shards_in_four_steps() -> None:
    found = plan(config("scale", "medium"), phase="enterprise", tier="large", **SHARDS)
    assert rules(found) == [
        ["cache-cluster-mode", "database-size-before-shards"],
        ["cache-shards", "database-effective-fields-alone"],
        ["database-one-shard"],
        [],
    ]
    assert [value_at(step.config, "tierup:cacheClusterMode") for step in found.steps] == [
        "compatible",
        None,
        None,
        None,
    ]
    assert [value_at(step.config, "tierup:sizeOverrides.databaseShards") for step in found.steps] == [0, 0, 1, 2]


def test_effective_fields_change_alone() -> None:
    found = plan(config("scale", "medium"), phase="enterprise")
    (step,) = [each for each in found.steps if "tierup:databaseEffectiveFields" in each.changes][:1]
    before = settings_of(found.steps[0].config, STACK)
    after = settings_of(step.config, STACK)
    assert (before.shards, before.pause_database_autoscaling) == (after.shards, after.pause_database_autoscaling)
    assert before.sizes.database_instance_size == after.sizes.database_instance_size


def test_a_cache_of_one_node_gets_its_replica_before_cluster_mode() -> None:
    found = plan(config("optimization", "small"), phase="enterprise", tier="medium")
    assert "cache-replica-first" in rules(found)[0]
    assert settings_of(found.steps[0].config, STACK).cluster_mode == "disabled"


def test_autoscaling_is_paused_during_a_resize() -> None:
    found = plan(config("scale", "small"), tier="medium")
    assert rules(found) == [["database-autoscaling-paused"], []]
    assert [value_at(step.config, "tierup:pauseDatabaseAutoscaling") for step in found.steps] == [True, None]


def test_a_resize_without_autoscaling_takes_one_step() -> None:
    assert rules(plan(config("optimization", "small"), tier="medium")) == [[]]


def test_more_shards_follow_a_resize() -> None:
    found = plan(config("enterprise", "medium"), tier="large", **SHARDS)
    assert rules(found) == [["database-size-before-more-shards"], []]


def test_the_load_balancer_is_locked_after_the_name_has_moved() -> None:
    found = plan(config("optimization", "small"), phase="scale")
    assert rules(found) == [["origin-lock-after-dns"], []]
    assert [value_at(step.config, "tierup:originLock") for step in found.steps] == ["off", None]


def test_the_load_balancer_is_opened_before_the_name_moves_back() -> None:
    found = plan(config("scale", "small"), phase="optimization")
    assert rules(found) == [["origin-lock-opens-before-dns"], []]
    assert found.steps[0].changes == {"tierup:originLock": "off"}


def test_a_cache_token_migrates_to_users_in_two_steps() -> None:
    assert rules(plan(config("scale", "small"), cacheAuth="users")) == [["cache-auth"], []]


@pytest.mark.parametrize("deployment", ["blue-green", "canary", "linear"])
def test_deployments_that_shift_traffic_follow_the_phase_that_prepares_them(deployment: str) -> None:
    found = plan(config("optimization", "small"), phase="scale", deployment=deployment)
    assert rules(found) == [["origin-lock-after-dns", "blue-green-after-its-target-groups"], []]


EKS = {"adminRoles": ["arn:aws:iam::111122223333:role/deploy"]}


def test_a_stack_moves_from_ecs_to_eks_while_both_run() -> None:
    found = plan(config("scale", "medium", eks=EKS), orchestrator="eks")
    assert rules(found) == [["pods-start-without-requests"], ["pods-serve-before-tasks-stop"], []]
    assert [value_at(step.config, "tierup:eksTrafficPercent") for step in found.steps] == [0, 100, None]


def test_a_stack_moves_back_from_eks_to_ecs_while_both_run() -> None:
    found = plan(config("scale", "medium", eks=EKS, orchestrator="eks"), orchestrator="ecs")
    assert rules(found) == [["tasks-start-without-requests"], ["tasks-serve-before-pods-stop"], []]
    assert [value_at(step.config, "tierup:eksTrafficPercent") for step in found.steps] == [100, 0, None]


@pytest.mark.parametrize("credential", ROTATED)
def test_a_rotation_takes_three_steps_and_as_many_back(credential: str) -> None:
    path = f"tierup:rotation.{credential}"
    found = plan_switch(config("scale", "small"), {path: 3}, STACK)
    assert [value_at(step.config, path) for step in found.steps] == [1, 2, 3]
    back = plan_switch(config("scale", "small", rotation={credential: 2}), {path: None}, STACK)
    assert [value_at(step.config, path) for step in back.steps] == [1, None]


def test_other_changes_follow_a_rotation() -> None:
    found = plan(config("scale", "small"), **{"rotation.cache": 3, "ecsExec": True})
    assert ["tierup:ecsExec" in step.changes for step in found.steps] == [False, False, True]


def _host_moves() -> list[SwitchPlan]:
    accounts = {**HOSTED["hosts"], "vercelTeam": "team", "renderOwner": "tea-1"}
    parts = (("frontend", ("netlify", "vercel")), ("backend", ("railway", "render")))
    return [
        plan(config("optimization"), phase="mvp", **HOSTED),
        *(
            plan({**config("mvp", hosts=accounts), f"tierup:{part}Host": old}, **{f"{part}Host": new})
            for part, hosts in parts
            for old, new in (hosts, hosts[::-1])
        ),
    ]


def test_every_order_rule_has_a_case_here_or_in_a_pair_of_states() -> None:
    pairs = [found for pair in PAIRS if (found := outcome(*pair)) is not None]
    cases = [
        *pairs,
        plan(config("scale", "small"), cacheAuth="users"),
        plan(config("scale", "small", **API), phase="mvp", **BEHIND_CLOUDFLARE),
        plan(config(**API, **BEHIND_CLOUDFLARE), cdn="cloudfront", cloudflareZoneId=None),
        plan(config("scale", "medium"), phase="enterprise", tier="large", **SHARDS),
        plan(config("enterprise", "medium"), tier="large", **SHARDS),
        plan(config("optimization", "small"), phase="scale", deployment="blue-green"),
        plan(config("scale", "medium"), orchestrator="eks", eks=EKS),
        plan(config("scale", "medium", eks=EKS, orchestrator="eks"), orchestrator="ecs"),
        *(plan(config("scale", "small"), **{f"rotation.{each}": 3}) for each in ROTATED),
        *(plan(config("scale", "small", rotation={each: 3}), **{f"rotation.{each}": 0}) for each in ROTATED),
        plan(
            config("enterprise", "medium", sizeOverrides={"databaseShards": 0}), **{"sizeOverrides.databaseShards": 1}
        ),
        *_host_moves(),
        plan(config("scale", "large"), phase="enterprise", **REGIONAL),
        plan(config("enterprise", "large", activeRegion="eu-central-1", **REGIONAL), regions=None, activeRegion=None),
    ]
    used = {rule for found in cases for step in rules(found) for rule in step}
    assert used == {rule.id for rule in ORDER_RULES}


# --- what is refused ---


@pytest.mark.parametrize(
    ("start", "changes", "expected"),
    [
        (config("scale", apiPath="/api/*"), {"cdn": "cloudflare", "cloudflareZoneId": ZONE}, "cdn"),
        (config(), {"vpcCidr": "10.1.0.0/16"}, "vpc-cidr"),
        (config(), {"atlasCidr": "192.168.240.0/21"}, "atlas-cidr"),
        (config(), {"atlasOrgId": "f" * 24}, "atlas-organization"),
        (config("scale"), {"kmsKeyUses": ["cache"]}, "cache-key"),
        (config("scale"), {"kmsKeyUses": ["images"]}, "image-key"),
        (config("scale", cacheAuth="users"), {"cacheAuth": "token"}, "cache-auth-back"),
        (
            config("enterprise", "large", sizeOverrides={"databaseShards": 2}),
            {"sizeOverrides.databaseShards": 1},
            "database-fewer-shards",
        ),
        (config("optimization", "large"), {"tier": "small"}, "database-disk-too-large"),
        (config("scale", databaseKmsKey=True), {"databaseKmsKey": False}, "database-key-off"),
        (config(ipv6=True), {"ipv6": False}, "ipv6-off"),
    ],
)
def test_a_change_that_is_not_possible_is_refused(
    start: dict[str, Any], changes: dict[str, Any], expected: str
) -> None:
    assert refused(start, **changes) == [expected]


def test_another_key_of_the_cache_is_a_step_if_the_switch_names_a_snapshot() -> None:
    found = plan(config("scale"), kmsKeyUses=["cache"], cacheSnapshotName="before-the-key")
    assert [step.changes for step in found.steps] == [
        {"tierup:kmsKeyUses": ["cache"], "tierup:cacheSnapshotName": "before-the-key"}
    ]
    same = config("scale", cacheSnapshotName="before-the-key")
    assert refused(same, kmsKeyUses=["cache"], cacheSnapshotName="before-the-key") == ["cache-key"]


def test_another_region_is_refused() -> None:
    with pytest.raises(RefusedSwitchError, match="second stack in the other region"):
        plan_switch(config(), {"aws:region": "us-east-1"}, STACK)


def test_leaving_enterprise_names_both_reasons_and_the_alternatives() -> None:
    assert refused(config("enterprise", "medium"), phase="scale") == ["cache-cluster-mode-back", "database-shards-back"]


def test_every_refusal_has_an_alternative_and_a_source() -> None:
    assert all(each.alternative and each.why and each.source for each in FORBIDDEN_CHANGES)
    assert all(each.does and each.why and each.source for each in ORDER_RULES)


# --- the CDN ---


def cdns(found: SwitchPlan) -> list[tuple[Any, Any]]:
    """Return CDN and standby after each step."""
    return [tuple(value_at(step.config, f"tierup:{key}") for key in ("cdn", "cdnStandby")) for step in found.steps]


def test_both_cdns_exist_until_the_new_one_has_served() -> None:
    there = plan(config(**API), **BEHIND_CLOUDFLARE)
    assert cdns(there) == [("cloudfront", "cloudflare"), ("cloudflare", "cloudfront"), ("cloudflare", None)]
    assert value_at(there.steps[0].config, "tierup:cloudflareZoneId") == ZONE
    back = plan(config(**API, **BEHIND_CLOUDFLARE), cdn="cloudfront", cloudflareZoneId=None)
    assert cdns(back) == [("cloudflare", "cloudfront"), ("cloudfront", "cloudflare"), ("cloudfront", None)]
    assert [value_at(step.config, "tierup:cloudflareZoneId") for step in back.steps] == [ZONE, ZONE, None]


def test_the_cdn_changes_before_the_phase_and_the_tier() -> None:
    found = plan(config("optimization", **API), phase="scale", tier="medium", **BEHIND_CLOUDFLARE)
    assert [str(settings_of(step.config, STACK).phase) for step in found.steps[:3]] == ["optimization"] * 3
    assert cdns(found)[2:] == [("cloudflare", None)] * (len(found.steps) - 2)
    assert str(settings_of(found.steps[-1].config, STACK).phase) == "scale"


def test_the_delegation_changes_while_the_records_of_both_providers_point_at_cloudfront() -> None:
    start = config(**API)
    there = [
        settings_of(each, STACK) for each in (start, *(step.config for step in plan(start, **BEHIND_CLOUDFLARE).steps))
    ]
    assert [needed_delegation(*pair) for pair in pairwise(there)] == [None, CdnKind.CLOUDFLARE, CdnKind.CLOUDFLARE]
    assert [needed_delegation(*pair) for pair in pairwise(reversed(there))] == [None, None, CdnKind.CLOUDFRONT]


def test_a_default_name_of_the_api_that_depends_on_the_cdn_is_refused() -> None:
    with pytest.raises(RejectedSettingsError, match=r"apiDomain: the default would change with the CDN"):
        plan(config(domain="app.example.com"), **BEHIND_CLOUDFLARE)


def moves(found: SwitchPlan, part: str) -> list[tuple[Any, Any]]:
    """Return host and standby of a part after each step."""
    return [
        (value_at(step.config, f"tierup:{part}Host"), value_at(step.config, f"tierup:{part}Standby"))
        for step in found.steps
    ]


@pytest.mark.parametrize(("part", "host"), [("backend", "railway"), ("frontend", "netlify")])
def test_part_moves_to_aws_and_back_while_both_hosts_run(part: str, host: str) -> None:
    away = plan(config("mvp", **HOSTED), **{f"{part}Host": "aws"})
    assert moves(away, part) == [(host, "aws"), ("aws", host), ("aws", None)]
    assert [step.rules[0].settle_seconds for step in away.steps[:2]] == [0, 120]
    back = plan(dict(away.target), **{f"{part}Host": host})
    assert moves(back, part) == [("aws", host), (host, "aws"), (host, None)]


def test_part_moves_between_two_hosts_over_aws() -> None:
    hosted: dict[str, Any] = {**HOSTED, "hosts": {**HOSTED["hosts"], "vercelTeam": "team"}}
    found = plan(config("mvp", **hosted), frontendHost="vercel")
    assert moves(found, "frontend") == [
        ("netlify", "aws"), ("aws", "netlify"), ("aws", "vercel"), ("vercel", "aws"), ("vercel", None),
    ]  # fmt: skip


def test_hosts_are_left_before_the_phase_changes_and_the_phase_before_hosts() -> None:
    away = plan(config("mvp", **HOSTED), phase="optimization", frontendHost="aws", backendHost="aws")
    phases = [value_at(step.config, "tierup:phase") for step in away.steps]
    assert phases == ["mvp"] * (len(phases) - 1) + ["optimization"]
    assert moves(away, "backend")[-1] == ("aws", None)
    back = plan(config("optimization"), phase="mvp", **HOSTED)
    assert rules(back)[0] == ["phase-before-hosts"]
    assert moves(back, "frontend")[0] == ("aws", None)
    assert moves(back, "backend")[-1] == ("railway", None)


def test_regions_follow_the_phase() -> None:
    found = plan(config("scale", "large"), phase="enterprise", **REGIONAL)
    regions = [value_at(step.config, "tierup:regions") for step in found.steps]
    assert regions[-1] == ["eu-central-1"]
    assert regions[:-1] == [None] * (len(regions) - 1)
    assert len(regions) > 1
    alone = plan(config("enterprise", "large"), **REGIONAL)
    assert rules(alone) == [[]]


def test_region_that_serves_is_removed_after_the_first_region_serves() -> None:
    start = config("enterprise", "large", activeRegion="eu-central-1", **REGIONAL)
    found = plan(start, regions=None, activeRegion=None)
    assert rules(found) == [["region-serves-no-longer-before-it-ends"], []]
    assert [value_at(step.config, "tierup:regions") for step in found.steps] == [["eu-central-1"], None]
    standby = plan(config("enterprise", "large", **REGIONAL), regions=None)
    assert rules(standby) == [[]]


def test_settings_that_the_program_rejects_are_rejected_with_its_message() -> None:
    with pytest.raises(RejectedSettingsError, match="tierup:tier"):
        plan(config(), tier="huge")


# --- what is kept ---


def test_a_lower_tier_keeps_the_disk() -> None:
    found = plan(config("optimization", "medium"), tier="small")
    assert [(kept.rule.id, kept.value) for kept in found.kept] == [("database-disk", 40)]
    assert value_at(found.target, "tierup:sizeOverrides.databaseDiskGb") == 40


def test_a_higher_tier_removes_the_size_that_was_kept() -> None:
    start = config("optimization", "small", sizeOverrides={"databaseDiskGb": 40, "taskCpu": 1024, "taskMemory": 2048})
    found = plan(start, tier="medium")
    assert found.dropped == ["tierup:sizeOverrides.databaseDiskGb"]
    assert value_at(found.target, "tierup:sizeOverrides") == {"taskCpu": 1024, "taskMemory": 2048}


def test_a_size_that_is_set_explicitly_is_not_changed() -> None:
    found = plan(config("optimization", "small"), tier="medium", **{"sizeOverrides.databaseDiskGb": 80})
    assert not found.kept
    assert value_at(found.target, "tierup:sizeOverrides.databaseDiskGb") == 80


def test_an_earlier_phase_keeps_the_customer_managed_key() -> None:
    found = plan(config("scale", "small"), phase="optimization")
    assert [kept.rule.id for kept in found.kept] == ["kms-key"]


def test_no_change_has_no_steps() -> None:
    assert plan(config("scale", "small"), tier="small").steps == []


def test_a_secret_value_is_no_obstacle() -> None:
    start = config("optimization", "small") | {"tierup:sentryDsn": {"secure": "v1:abc"}}
    found = plan(start, tier="medium")
    assert found.steps[0].config["tierup:sentryDsn"] == {"secure": "v1:abc"}
