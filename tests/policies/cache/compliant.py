"""What the rules on caches need to see of a program in which they all hold."""

from __future__ import annotations

import pulumi_aws as aws


def deploy() -> None:
    # The cache of the whole program names it in plain text, as programs do that got it from elsewhere.
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
