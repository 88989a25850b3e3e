"""Resources that comply with the rules on caches."""

from __future__ import annotations

import pulumi_aws as aws


def deploy() -> None:
    # The program's cache has the name as plain text, like programs that receive it from another stack.
    aws.elasticache.ParameterGroup(
        "eviction",
        name="cache-eviction",
        family="redis7",
        parameters=[{"name": "maxmemory-policy", "value": "volatile-lru"}],
    )
    aws.elasticache.ServerlessCache(
        "serverless-cache", engine="valkey", snapshot_retention_limit=1, tags={"Project": "tests"}
    )
    aws.memorydb.Cluster(
        "memorydb",
        tags={"Project": "tests"},
        acl_name="tests",
        node_type="db.t4g.small",
        snapshot_retention_limit=1,
        maintenance_window="sun:04:00-sun:05:00",
    )
