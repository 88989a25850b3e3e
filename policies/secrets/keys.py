"""The resource types of KMS keys and of their policies."""

from __future__ import annotations

KEY = "aws:kms/key:Key"
WITH_POLICY = (
    KEY,
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)
