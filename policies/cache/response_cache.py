"""CACHE-006: a web service has a cache for its responses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..ecs.definitions import TASK_DEFINITION, containers
from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
)
from .stores import CACHES

SERVICE = "aws:ecs/service:Service"
# REDIS_URL, VALKEY_HOST, CACHE_ENDPOINT, MEMCACHED_SERVERS ...: the rule reads the name, never the value.
CACHE_NAME = re.compile(r"REDIS|VALKEY|MEMCACHE|(^|_)CACHE_(URL|URI|HOST|ENDPOINT|SERVERS?)$", re.IGNORECASE)


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not service.properties.get("loadBalancers"):
        raise NotApplicable("no load balancer sends it requests, so it has no responses to cache")
    flows = service.references.get("taskDefinition", frozenset())
    task = next((each for each in stack.of((TASK_DEFINITION,)) if each.urn in flows), None)
    if task is None:
        raise Indeterminate("its task definition is not in this stack")
    sources = task.references.get("containerDefinitions", frozenset())
    if any(cache.urn in sources for cache in stack.of(CACHES)):
        return
    # By name, where the address is in a secret or comes from another stack.
    if not any(CACHE_NAME.search(name) for _, container in containers(task) for name in _names(container)):
        yield Finding(
            f"{task.name}: containerDefinitions",
            "no container has the address of a cache",
            "REDIS_URL or a similar variable with the address of ElastiCache or MemoryDB",
        )


def _names(container: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of a container's variables and secrets."""
    for key in ("environment", "secrets"):
        for pair in container.get(key) or ():
            yield str(pair.get("name") or pair.get("Name") or "")


RULE = StackRule(
    id="CACHE-006",
    name="service-response-cache",
    title="A web service has a cache for responses that take long to compute.",
    item=ChecklistItem.RESPONSE_CACHING,
    pitfall=Pitfall.NO_CACHING,
    severity=Severity.MEDIUM,
    # Advisory: a first version can do without a cache; the guide adds it in phase 2.
    level=Level.ADVISORY,
    applies_to=(SERVICE,),
    check=check,
    remediation="Add an ElastiCache ReplicationGroup, and pass its address to the tasks as REDIS_URL.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    engine="valkey",
    at_rest_encryption_enabled=True,
    transit_encryption_enabled=True,
    auth_token=token.secret_string,
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Strategies.html",
    read=date(2026, 11, 28),
    unproven="The rule does not see whether the application uses the cache. The hit rate of the cache shows that.",
)
