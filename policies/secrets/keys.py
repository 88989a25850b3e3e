"""The kinds of KMS keys, and where the policy of one may stand."""

from __future__ import annotations

KEY = "aws:kms/key:Key"
WITH_POLICY = (
    KEY,
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)
