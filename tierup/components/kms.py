"""Customer managed KMS keys."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.kms.key import KeyUse, KmsKey, KmsKeyArgs

__all__ = [
    "KeyUse",
    "KmsKey",
    "KmsKeyArgs",
]
