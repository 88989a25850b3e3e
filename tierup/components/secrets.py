"""Secrets Manager: secrets of an application, signing keys and their rotation."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.secrets.app_secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
    from components.secrets.rotation import RedeployedService, SecretRotation, SecretRotationArgs
    from components.secrets.signing_keys import SigningKeys, SigningKeysArgs

__all__ = [
    "AppSecrets",
    "AppSecretsArgs",
    "GeneratedSecret",
    "RedeployedService",
    "SecretRotation",
    "SecretRotationArgs",
    "SigningKeys",
    "SigningKeysArgs",
]
