"""Conversion of AWS region names to Atlas's form."""

from __future__ import annotations

import re

_AWS_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def atlas_region(aws_region: str) -> str:
    """Return Atlas's name of an AWS region, EU_WEST_1 for eu-west-1. Raises ValueError for another text.

    Source: mongodb/terraform-provider-mongodbatlas, internal/service/networkpeering (read 2026-11-24).
    """
    if not _AWS_REGION.fullmatch(aws_region):
        raise ValueError(f"region: not an AWS region's name (got {aws_region!r}). Give a name such as eu-west-1.")
    return aws_region.upper().replace("-", "_")
