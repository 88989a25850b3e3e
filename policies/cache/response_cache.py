"""CACHE-006: a web service is given a cache for its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
# REDIS_URL, VALKEY_HOST, CACHE_ENDPOINT, MEMCACHED_SERVERS ...: the name alone is looked at, never what it holds.
CACHE_NAME = re.compile(r"REDIS|VALKEY|MEMCACHE|(^|_)CACHE_(URL|URI|HOST|ENDPOINT|SERVERS?)$", re.IGNORECASE)


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not service.properties.get("loadBalancers"):
        raise NotApplicable("no load balancer sends it requests: it answers none that could be cached")
    flows = service.references.get("taskDefinition", frozenset())
    task = next((each for each in stack.of((TASK_DEFINITION,)) if each.urn in flows), None)
    if task is None:
        raise Indeterminate("its task definition is not of this stack")
    sources = task.references.get("containerDefinitions", frozenset())
    if any(cache.urn in sources for cache in stack.of(CACHES)):
        return
    # By name where the address comes in a secret, or from another stack.
    if not any(CACHE_NAME.search(name) for _, container in containers(task) for name in _names(container)):
        yield Finding(
            f"{task.name}: containerDefinitions",
            "no container is given a cache",
            "REDIS_URL or the like, the address of an ElastiCache or MemoryDB",
        )


def _names(container: Mapping[str, Any]) -> Iterator[str]:
    """The names of its variables and secrets."""
    for key in ("environment", "secrets"):
        for pair in container.get(key) or ():
            yield str(pair.get("name") or pair.get("Name") or "")


RULE = StackRule(
    id="CACHE-006",
    name="service-response-cache",
    title="A web service is given a cache, for answers that take long to compute.",
    item=ChecklistItem.RESPONSE_CACHING,
    pitfall=Pitfall.NO_CACHING,
    severity=Severity.MEDIUM,
    # Advisory: a first version answers from its database, and the guide adds the cache in phase 2.
    level=Level.ADVISORY,
    applies_to=(SERVICE,),
    check=check,
    remediation="Add an ElastiCache ReplicationGroup, and give its address to the tasks as REDIS_URL.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    engine="valkey",
    at_rest_encryption_enabled=True,
    transit_encryption_enabled=True,
    auth_token=token.secret_string,
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Strategies.html",
    read=None,
    unproven="That the application puts answers into the cache, and takes them out again: watch its hit rate.",
)
