"""Numbers of tasks, autoscaling, and the queue of the worker."""

from __future__ import annotations

import math
from typing import Final

from tierup.copilot_import.conversion.values import Found, invalid, problem, seconds, whole
from tierup.copilot_import.draft import Draft, Kind, Result, Role, differs, same, unmapped
from tierup.copilot_import.manifest import Node
from tierup.program_loader import import_path
from tierup.program_settings import Feature

with import_path():
    from stacks.config.containers import PermissionsConfig

_MAX_SPOT_PERCENT: Final = 90


def _count_paths(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the settings of the minimum and the maximum number of tasks."""
    return {
        Role.API: (("sizeOverrides", "tasks"), ("sizeOverrides", "maxTasks")),
        Role.WORKER: (("sizeOverrides", "workers"), ("sizeOverrides", "maxWorkers")),
        Role.SERVICE: ((*draft.current.container, "tasks"), (*draft.current.container, "maxTasks")),
    }[draft.current.role]


def _tasks(draft: Draft, minimum: int, maximum: int) -> Result:
    lowest = 0 if draft.current.role is Role.WORKER else 1
    if minimum < lowest or maximum < minimum:
        return unmapped(f"The stack runs {lowest} or more tasks (got {minimum} to {maximum}).")
    path, max_path = _count_paths(draft)
    scales = draft.has(Feature.AUTOSCALING)
    if minimum == maximum or scales:
        draft.put(minimum, *path)
        if scales:
            draft.put(maximum, *max_path)
        return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join(path)}")
    return draft.differs(
        minimum, *path, note=f"Phase {draft.phase} has a fixed number of tasks; scale has autoscaling."
    )


def count(draft: Draft, node: Node) -> Found:
    if draft.current.kind is Kind.REQUEST_DRIVEN:
        return unmapped("It names an App Runner configuration. Set tierup:sizeOverrides.tasks and maxTasks.")
    number = whole(node)
    return invalid(node, "a number of tasks") if number is None else _tasks(draft, number, number)


def count_range(draft: Draft, node: Node) -> Found:
    bounds = node.text().split("-")
    if len(bounds) != 2 or not all(bound.strip().isdigit() for bound in bounds):
        return invalid(node, "a range such as 1-10")
    return _tasks(draft, int(bounds[0]), int(bounds[1]))


def count_min(draft: Draft, node: Node) -> Found:
    minimum, maximum = whole(node), _maximum(draft)
    return invalid(node, "a number of tasks") if minimum is None else _tasks(draft, minimum, maximum or minimum)


def count_max(draft: Draft, node: Node) -> Found:
    if not draft.has(Feature.AUTOSCALING):
        return draft.needs(Feature.AUTOSCALING)
    number = whole(node)
    if number is None:
        return invalid(node, "a number of tasks")
    return draft.mapped(number, *_count_paths(draft)[1])


def _maximum(draft: Draft) -> int | None:
    node = draft.current.manifest.at("count", "range", "max")
    return whole(node) if node else None


def spot(draft: Draft, node: Node) -> Found:
    number = whole(node)
    if number is None:
        return invalid(node, "a number of tasks")
    _tasks(draft, number, number)
    return _spot(draft, _MAX_SPOT_PERCENT, "At most 90 % of the tasks are on Spot, because AWS reclaims its capacity.")


def spot_from(draft: Draft, node: Node) -> Found:
    first, maximum = whole(node), _maximum(draft)
    if first is None or not maximum:
        return invalid(node, "a number of tasks")
    percent = max(0, min(_MAX_SPOT_PERCENT, round(100 * (maximum - first + 1) / maximum)))
    return _spot(draft, percent, f"The stack has a percentage: {percent} % at the maximum of {maximum} tasks.")


def _spot(draft: Draft, percent: int, note: str) -> Found:
    """Write the percentage, which applies to the service too: only the manifest of the service decides it."""
    missing = draft.needs(Feature.AUTOSCALING)
    if missing:
        return missing
    known = draft.get("spotPercent")
    if draft.current.role is Role.API:
        return draft.differs(percent, "spotPercent", note=f"{note} It applies to all services and the worker.")
    if known is None:
        return unmapped("tierup:spotPercent applies to the service too, which is not on Spot in its manifest.")
    return differs(f"tierup:spotPercent is {known}, from the manifest of the service.")


def _target(draft: Draft, node: Node, key: str, bounds: range, *, only_api: bool = False) -> Found:
    missing = draft.needs(Feature.AUTOSCALING)
    if missing:
        return missing
    value = whole(node)
    if value is None or value not in bounds:
        return unmapped(f"Allowed: {bounds.start} to {bounds.stop - 1} (got {node.text()}).")
    if only_api and draft.current.role is not Role.API:
        return unmapped("Only the stack's service scales on requests.")
    return draft.shared(value, "autoscaling", key, note="The target applies to all services of the stack.")


def cpu_target(draft: Draft, node: Node) -> Found:
    return _target(draft, node, "cpuPercent", range(10, 96))


def memory_target(draft: Draft, node: Node) -> Found:
    return _target(draft, node, "memoryPercent", range(10, 96))


def requests_target(draft: Draft, node: Node) -> Found:
    return _target(draft, node, "requestsPerMinute", range(1, 10**9), only_api=True)


def queue_latency(draft: Draft, node: Node) -> Found:
    """Convert `queue_delay` as Copilot does: AcceptableBacklogPerTask in internal/pkg/manifest/svc.go."""
    processing = draft.current.manifest.at("count", "queue_delay", "msg_processing_time")
    latency, each = seconds(node), seconds(processing) if processing else None
    if not latency or not each:
        return invalid(node, "a duration with msg_processing_time beside it")
    messages = math.ceil(round(latency / each, 9))
    missing = draft.needs(Feature.WORKER)
    if missing:
        return missing
    queue = draft.options.queue
    if queue is None:
        return unmapped(
            f"Name the worker's queue with --queue <ARN>; then tierup:worker.scaleOnQueue gets {messages} messages for "
            "each task."
        )
    value = {"queueName": queue.rpartition(":")[2], "messagesPerTask": messages}
    return draft.mapped(value, "worker", "scaleOnQueue")


def queue_processing(draft: Draft, _: Node) -> Found:
    if draft.get("worker", "scaleOnQueue"):
        return same("It is part of messagesPerTask.")
    return unmapped("It is part of tierup:worker.scaleOnQueue.messagesPerTask.")


def queue(draft: Draft, _: Node) -> Found:
    """Convert `subscribe`: the queue of the worker, if `--queue` names it."""
    given = draft.options.queue
    if given is None:
        return unmapped(
            "The stack creates no queues and topics. Keep those of Copilot's CloudFormation stack, or create own ones, "
            "and name the worker's queue with --queue <ARN>."
        )
    error = problem(PermissionsConfig, {"queues": {given: "receive"}})
    if error is not None:
        return unmapped(f"--queue: {error} (got {given}).")
    region, account, queue_name = given.split(":")[3:6]
    url = f"https://sqs.{region}.amazonaws.com/{account}/{queue_name}"
    draft.put(url, "worker", "environment", "COPILOT_QUEUE_URI")
    return draft.differs(
        "receive",
        *("worker", "permissions", "queues", given),
        note="The worker may receive from the queue and gets COPILOT_QUEUE_URI. Queue, topics and subscriptions stay "
        "outside the stack.",
    )
