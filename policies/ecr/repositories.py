"""The resource type that the rules on ECR repositories share."""

from __future__ import annotations

REPOSITORY = "aws:ecr/repository:Repository"
