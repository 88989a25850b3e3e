"""The documents of AWS managed policies that programs attach to service roles.

`managed_documents.json` holds name, day of AWS's last update, version and document of each, from moto 5.2.5
(iam/aws_managed_policies.py, last update 2026-09-30; read 2026-11-28). The sandbox does not know the document of any
other managed policy: what it allows is unknown, never denied.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..managed_policies import PREFIX


@cache
def _documents() -> Mapping[str, Mapping[str, Any]]:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def managed_document(arn: str) -> Any:
    """Return the document of an AWS managed policy, or None if the table does not have it."""
    found = _documents().get(arn.removeprefix(PREFIX))
    return found["document"] if found is not None else None
