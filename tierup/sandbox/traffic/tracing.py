"""Traces one request: a URL from a client, or a task's connection."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from tierup.sandbox.cloud import Cloud

from .evaluation import world_of
from .flow import Flow, FlowResult, follow
from .flow_registry import derive
from .flows.browsers import browse, browse_cached, ordinary_request
from .hops import dns
from .store import rows_before


def trace_url(
    cloud: Cloud, url: str, *, method: str = "GET", country: str | None = None, cached: bool = False
) -> FlowResult:
    """Trace a request for a URL. `cached` is for a client that resolved the name before the last run.

    Raises ValueError if `cached` is set and the name had no record before the last run.
    """
    world = world_of(cloud)
    parts = urlsplit(url)
    host = parts.hostname or ""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    changes: dict[str, object] = {"method": method, "scheme": parts.scheme.replace("ws", "http")}
    if parts.scheme in ("ws", "wss"):
        changes["headers"] = {"upgrade": "websocket", "connection": "Upgrade"}
    request = ordinary_request(world.rows, host, path, **changes)
    if country is not None:
        request = replace(request, country=country.upper())
    flow = Flow(
        id=f"browser {method} {url}", kind="trace", source="browser", target=url, stack="",
        trace=partial(browse, request=request), host=host,
    )  # fmt: skip
    if not cached:
        return follow(flow, world)
    run = cloud.run()
    answers = dns.answers_for(rows_before(cloud, cloud.operations(run.id if run is not None else 0)), host)
    if not answers:
        raise ValueError(f"--cached-dns: {host} had no record before the last run (got {url}). Leave --cached-dns out.")
    return follow(flow, world, browse_cached(world, answers[0], request))


_OF_RUNNERS = ("task-data", "task-platform", "service-connect", "pod-data", "pod-platform")


def trace_task(cloud: Cloud, task: str, target: str) -> list[FlowResult]:
    """Trace the connections of a task, or of pods ("backend pods"), to a destination.

    Raises ValueError if there is none.
    """
    world = world_of(cloud)
    flows = [flow for flow in derive(world.rows) if not flow.forbidden]
    tasks = sorted({flow.source for flow in flows if flow.kind in _OF_RUNNERS})
    if task not in tasks:
        raise ValueError(
            f"--from-task: no such service or scheduled task (got '{task}'). Existing: {', '.join(tasks) or 'none'}."
        )
    own = [flow for flow in flows if flow.source == task]
    wanted = target.lower()
    found = [flow for flow in own if wanted in (flow.target.lower(), _host(flow.target))]
    if not found:
        raise ValueError(
            f"--to: {task} has no such destination (got '{target}')."
            f" Its destinations: {', '.join(sorted(flow.target for flow in own))}."
        )
    return [follow(flow, world) for flow in found]


def _host(target: str) -> str:
    return (urlsplit(target).hostname or "").lower() if "://" in target else ""
