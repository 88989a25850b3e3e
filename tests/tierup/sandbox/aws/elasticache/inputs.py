"""Inputs of replication groups for the tests."""

from __future__ import annotations

SMALL = {"description": "Cache", "nodeType": "cache.t4g.small", "engine": "valkey", "engineVersion": "8.1"}

TOKEN = "a" * 32

ENCRYPTED = {"transitEncryptionEnabled": True, "subnetGroupName": "default"}
