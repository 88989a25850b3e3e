"""The name of the EKS cluster, which target groups need before the cluster exists."""

from __future__ import annotations

import re

from stacks.context import StackContext


def cluster_name(context: StackContext) -> str:
    """Return the name of the cluster, which contains project and stack: it is unique in the account and region."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"{context.project}-{context.stack}")[:100]
