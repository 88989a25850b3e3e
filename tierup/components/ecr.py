"""ECR: repositories of images."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.ecr.replication import EcrReplication, EcrReplicationArgs
    from components.ecr.repository import EcrRepository, EcrRepositoryArgs

__all__ = [
    "EcrReplication",
    "EcrReplicationArgs",
    "EcrRepository",
    "EcrRepositoryArgs",
]
