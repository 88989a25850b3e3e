"""The commands' own sandbox_project: a small project on disk with a rehearsal of its own."""

from __future__ import annotations

from tests.tierup.deployment.conftest import make_sandbox_project, sandbox_project

__all__ = ["make_sandbox_project", "sandbox_project"]
