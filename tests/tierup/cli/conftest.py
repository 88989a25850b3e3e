"""Fixtures for the tests of commands: a small project on disk with its own sandbox."""

from __future__ import annotations

from tests.tierup.deployment.conftest import bench, make_bench

__all__ = ["bench", "make_bench"]
