"""An ECR repository of the compliant program."""

from __future__ import annotations

import json

import pulumi_aws as aws


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    aws.ecr.Repository(
        "images",
        name="shop",
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration={"scan_on_push": True},
        encryption_configurations=[{"encryption_type": "KMS"}],
    )
    aws.ecr.LifecyclePolicy("images-lifecycle", repository="shop", policy=json.dumps({"rules": []}))
    pull = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "ecr:BatchGetImage"}
    aws.ecr.RepositoryPolicy("images-policy", repository="shop", policy=json.dumps({"Statement": [pull]}))
