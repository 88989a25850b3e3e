"""Fixtures: moto's server, and credentials for it."""

from __future__ import annotations

from tests.tierup.preflight.conftest import aws, aws_server, environment

__all__ = ["aws", "aws_server", "environment"]
