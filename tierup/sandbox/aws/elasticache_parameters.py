"""ElastiCache: the parameters of parameter groups for Redis OSS and Valkey."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from tierup.sandbox.behaviour import Call, Rejection, Stage, documented, located, rule

from .same_scope import known

_PARAMETERS = frozenset(
    {
        "acl-pubsub-default", "acllog-max-len", "active-expire-effort", "activedefrag", "activerehashing",
        "appendfsync", "appendonly", "client-query-buffer-limit",
        "close-on-replica-write", "close-on-slave-write", "databases", "extended-redis-compatibility",
        "hash-max-listpack-entries", "hash-max-listpack-value", "hash-max-ziplist-entries", "hash-max-ziplist-value",
        "hll-sparse-max-bytes", "lfu-decay-time", "lfu-log-factor", "list-compress-depth", "list-max-listpack-size",
        "list-max-ziplist-entries", "list-max-ziplist-size", "list-max-ziplist-value", "lua-replicate-commands",
        "lua-time-limit", "maxclients", "maxmemory", "maxmemory-clients", "maxmemory-policy", "maxmemory-samples",
        "min-replicas-max-lag", "min-replicas-to-write", "min-slaves-max-lag", "min-slaves-to-write",
        "notify-keyspace-events", "proto-max-bulk-len", "rename-commands", "repl-backlog-size", "repl-backlog-ttl",
        "repl-timeout", "replica-allow-chaining", "replica-ignore-maxmemory", "replica-lazy-flush",
        "replicas-per-node-group", "reserved-memory", "reserved-memory-percent", "set-max-intset-entries",
        "set-max-listpack-entries", "set-max-listpack-value", "slave-allow-chaining", "slave-lazy-flush",
        "slowlog-log-slower-than",
        "slowlog-max-len", "stream-node-max-bytes", "stream-node-max-entries", "tcp-keepalive", "timeout",
        "tracking-table-max-keys", "zset-max-listpack-entries", "zset-max-listpack-value", "zset-max-ziplist-entries",
        "zset-max-ziplist-value",
    }
)  # fmt: skip
_PREFIXES = (
    "active-defrag-",
    "client-output-buffer-limit-",
    "cluster-",
    "commandlog-",
    "latency-",
    "lazyfree-",
    "search",
)
_POLICIES = (
    "volatile-lru", "allkeys-lru", "volatile-lfu", "allkeys-lfu", "volatile-random", "allkeys-random", "volatile-ttl",
    "noeviction",
)  # fmt: skip


@rule(
    "cache-parameters-exist",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Redis.html (those of Redis OSS; later"
        " ones of Valkey from memory)",
        read="2026-11-28",
    ),
)
def parameters_exist(call: Call) -> Iterator[Rejection]:
    family = str(known(call, "family", ""))
    if family.startswith("memcached"):
        return
    for at, parameter in located(call.inputs, "parameters[*]"):
        name, value = str(parameter.get("name")), parameter.get("value")
        if name not in _PARAMETERS and not name.startswith(_PREFIXES):
            near = difflib.get_close_matches(name, _PARAMETERS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield Rejection(
                f"{at}.name",
                f"the parameter does not exist in family {family} (got '{name}').{hint}",
                "InvalidParameterValue",
            )
        if name == "maxmemory-policy" and value not in _POLICIES:
            yield Rejection(
                f"{at}.value",
                f"invalid eviction policy (got '{value}'). Allowed are {', '.join(_POLICIES)}.",
                "InvalidParameterValue",
            )
