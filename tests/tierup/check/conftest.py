"""The commands' own bench: a small project on disk with a rehearsal of its own."""

from __future__ import annotations

from tests.tierup.deployment.conftest import bench, make_bench

__all__ = ["bench", "make_bench"]
