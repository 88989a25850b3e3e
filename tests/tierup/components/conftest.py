"""Fixtures for the tests of the public components: a small project on disk with its own sandbox."""

from __future__ import annotations

from tests.tierup.deployment.conftest import make_sandbox_project, sandbox_project

__all__ = ["make_sandbox_project", "sandbox_project"]
