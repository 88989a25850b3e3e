"""AWS region names as Atlas writes them."""

from __future__ import annotations

import re

_AWS_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def atlas_region(aws_region: str) -> str:
    """eu-west-1 -> EU_WEST_1. Raises ValueError for what is no AWS region's name.

    Source: mongodb/terraform-provider-mongodbatlas, internal/service/networkpeering (read 2026-11-24).
    """
    if not _AWS_REGION.fullmatch(aws_region):
        raise ValueError(f"region is {aws_region!r}; give an AWS region's name such as eu-west-1")
    return aws_region.upper().replace("-", "_")
