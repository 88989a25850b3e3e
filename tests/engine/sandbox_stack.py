"""Runs small programs on the real engine against the sandbox."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.engine.engine_stack import EngineStack, Outcome, Program
from tierup.sandbox import SandboxProcess, cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource

__all__ = ["CreateStack", "Outcome", "Program", "SandboxStack"]

_counter = itertools.count(100_000_000_000 + os.getpid())


@dataclass(kw_only=True)
class SandboxStack(EngineStack):
    """One stack in its own AWS account, so that tests share a sandbox but no quota."""

    sandbox: SandboxProcess
    home: Path
    region: str = "eu-west-1"
    account: str = ""
    began: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self.account = self.account or str(next(_counter))[-12:]

    def settings(self) -> dict[str, Any]:
        """Return the configuration of the stack, which names its account."""
        return {"aws:region": self.region, "aws:allowedAccountIds": [self.account], **self.config}

    def resources(self) -> list[CloudResource]:
        """Return the resources of this stack in the sandbox."""
        cloud = Cloud(cloud_path(self.home))
        try:
            return [r for r in cloud.all() if r.stack == f"urn:pulumi:{self.stack}::{self.project}" and self._own(r)]
        finally:
            cloud.close()

    def _own(self, resource: CloudResource) -> bool:
        """Whether the stack created a resource. Those of Atlas and Cloudflare have no account: their age decides."""
        if resource.type.startswith("aws:"):
            return resource.account == self.account
        return resource.created >= self.began


CreateStack = Callable[..., SandboxStack]
"""The fixture `create_stack`: creates a stack with the given fields of SandboxStack."""
