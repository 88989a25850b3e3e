"""Weighted alias records of Route 53: which of them answers, by the health of their load balancers.

A record of weight 0 answers only while no record with a higher weight is healthy. With `evaluateTargetHealth` a record
has the health of its load balancer, which is healthy while every target group that contains targets has a healthy one.
When no record is healthy, Route 53 considers all of them healthy.
Source: AliasTarget.EvaluateTargetHealth and ResourceRecordSet.HealthCheckId of Route 53's API model (botocore 1.44.5,
read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..conditions import ConditionKind
from ..hop import Hop, Verdict, World, fails, passes, unknown
from ..rows import label, listed
from . import alb, ecs, pod_targets, pods
from .dns import (
    CLOUDFLARE_RECORD,
    CLOUDFLARE_ZONE,
    ZONE,
    Answer,
    TargetKind,
    describe,
    record_name,
    target_of,
    weight_of,
    weighted_answers,
)


def resolve_weighted(world: World, name: str) -> tuple[Hop, Answer | None] | None:
    """Return the weighted alias record of Route 53 that answers for a name, and its answer; None if it has none."""
    answers = weighted_answers(world.rows, name)
    if not answers:
        return None
    if problem := _delegation_problem(world, answers[0].record):
        return fails("dns", label(answers[0].record), "zoneId", problem, sources.DELEGATION), None
    reachable = [
        each
        for each in answers
        if each.target is not None and not world.conditions.holds(ConditionKind.REGION_DOWN, each.target.region)
    ]
    healthy = [each for each in reachable if _is_healthy(world, each)] or reachable
    weighted = [each for each in healthy if weight_of(each.record)] or healthy
    if not weighted:
        reason = f"No record of {name} has a healthy target."
        return fails("dns", label(answers[0].record), "aliases", reason, sources.WEIGHTED_RECORDS), None
    answer = weighted[0]
    if len(weighted) > 1:
        reason = f"Several records of {name} have a weight, and chance decides which answers."
        hop = unknown("dns", label(answer.record), "weightedRoutingPolicies", reason, sources.WEIGHTED_RECORDS)
        return hop, answer
    reason = f"{name} points at {describe(answer)} (weight {weight_of(answer.record)})."
    return passes("dns", label(answer.record), "weightedRoutingPolicies", reason, sources.WEIGHTED_RECORDS), answer


def _delegation_problem(world: World, record: CloudResource) -> str:
    """Return why resolvers do not find the hosted zone of a record whose parent zone is in Cloudflare; "" if they do.

    Zones whose parent the sandbox does not know are considered delegated.
    """
    zone = world.rows.one(ZONE, id=str(record.value("zoneId")))
    if zone is None:
        return ""
    name = str(zone.value("name") or "").rstrip(".")
    if not any(name.endswith(f".{parent.value('name')}") for parent in world.rows.all(CLOUDFLARE_ZONE)):
        return ""
    delegated = {
        str(each.value("content")).rstrip(".")
        for each in world.rows.all(CLOUDFLARE_RECORD)
        if each.value("type") == "NS" and record_name(each) == name
    }
    if delegated and delegated <= {str(each) for each in listed(zone.value("nameServers"))}:
        return ""
    return f"The Cloudflare zone does not delegate {name} to the name servers of the hosted zone."


def resolve_origin(world: World, host: str) -> tuple[TargetKind, CloudResource | None, Hop | None]:
    """Return what the origin of a CDN is, and the hop of the weighted records if the name has such records."""
    kind, target = target_of(world.rows, host)
    weighted = resolve_weighted(world, host) if kind is TargetKind.OTHER else None
    if weighted is None:
        return kind, target, None
    hop, answer = weighted
    return (kind, None, hop) if answer is None else (answer.kind, answer.target, hop)


def _is_healthy(world: World, answer: Answer) -> bool:
    """Return whether Route 53 considers a record healthy. The model has no Route 53 health checks of records."""
    evaluates = any(alias.get("evaluateTargetHealth") for alias in listed(answer.record.value("aliases")))
    if not evaluates or answer.target is None or answer.kind is not TargetKind.LOAD_BALANCER:
        return True
    return all(_has_healthy_target(world, arn) for arn in sorted(set(_target_groups(world, answer.target))))


def _target_groups(world: World, load_balancer: CloudResource) -> Iterator[str]:
    for listener in world.rows.find(alb.LISTENER, loadBalancerArn=load_balancer.id):
        for action in alb.actions_of(world.rows, listener):
            yield from alb.weighted_groups(action)


def _has_healthy_target(world: World, target_group_arn: str) -> bool:
    for service, _ in alb.services_of(world.rows, target_group_arn):
        failing = ecs.condition_holds(world, ConditionKind.HEALTH_FAILING, service)
        if failing or ecs.running(world, service).verdict is Verdict.FAIL:
            return False
    return not any(
        world.conditions.holds(ConditionKind.HEALTH_FAILING, *pods.condition_names(target.deployment))
        for binding in pod_targets.bindings_of(world.rows, target_group_arn)
        for target in pod_targets.targets_of(world.rows, binding)
    )
