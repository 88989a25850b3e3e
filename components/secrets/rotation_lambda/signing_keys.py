"""Rotate the keys that sign tokens, without invalidating any token.

The secret is JSON of three keys. `current` signs; all three verify. A rotation renames each key: `next` becomes
`current`, `current` becomes `previous`, and a new `next` is generated. A task that has not been restarted yet verifies
the tokens of a restarted one, because it has that key as `next`. A token stays valid for one whole interval after its
key stopped signing.

Secrets Manager invokes `handler` with four steps in sequence, and repeats all of them when one fails:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html (read 2026-11-28)
With RotateImmediately false it first invokes testSecret only, on a copy, so that step checks only the form of the keys.

Environment: SERVICES, a JSON list of {"cluster", "service"} that are redeployed with the new keys.
Key material is never logged.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Mapping
from typing import Any

import boto3

KEY_NAMES = ("previous", "current", "next")
MIN_KEY_LENGTH = 32  # characters: HMAC-SHA256 requires a key of 256 bits or more (RFC 7518, 3.2)

_log = logging.getLogger()
_log.setLevel(logging.INFO)


def handler(event: Mapping[str, str], context: object) -> None:
    """Run one step. Raises ValueError for a step that does not match the secret's state."""
    del context
    secret, version, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    client = boto3.client("secretsmanager")
    stages = client.describe_secret(SecretId=secret)["VersionIdsToStages"].get(version)
    if stages is None:
        raise ValueError(f"version: not a version of secret {secret} (got {version}). Start another rotation.")
    done = "AWSCURRENT" in stages
    if not done and "AWSPENDING" not in stages:
        raise ValueError(f"version: not AWSPENDING in secret {secret} (got {version}). Start another rotation.")

    _log.info("step %s of version %s%s", step, version, ", which is current already" if done else "")
    if step == "finishSecret":
        # A failed attempt may have made the version current without redeploying the services.
        if not done:
            _make_current(client, secret, version)
        _redeploy_services()
    elif done or step == "setSecret":
        return  # no other system stores the keys
    elif step == "createSecret":
        _create(client, secret, version)
    elif step == "testSecret":
        check(_keys(client, secret, VersionId=version, VersionStage="AWSPENDING"))
    else:
        raise ValueError(
            f"step: not a rotation step (got {step}). Use createSecret, setSecret, testSecret or finishSecret."
        )


def rotated(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the rotated keys, with a generated `next`."""
    return {"previous": keys["current"], "current": keys["next"], "next": secrets.token_urlsafe(48)}


def check(keys: Mapping[str, str]) -> None:
    """Raise ValueError unless all three keys are present and long enough. The message never contains a key."""
    for name in KEY_NAMES:
        key = keys.get(name)
        if not isinstance(key, str) or len(key) < MIN_KEY_LENGTH:
            got = f"{len(key)} characters" if isinstance(key, str) else "none"
            raise ValueError(f"{name}: missing or too short (got {got}). Use {MIN_KEY_LENGTH} characters or more.")


def _create(client: Any, secret: str, version: str) -> None:
    try:
        client.get_secret_value(SecretId=secret, VersionId=version, VersionStage="AWSPENDING")
    except client.exceptions.ResourceNotFoundException:
        keys = _keys(client, secret, VersionStage="AWSCURRENT")
        check(keys)
        client.put_secret_value(
            SecretId=secret,
            ClientRequestToken=version,
            SecretString=json.dumps(rotated(keys)),
            VersionStages=["AWSPENDING"],
        )


def _keys(client: Any, secret: str, **which: str) -> dict[str, str]:
    return json.loads(client.get_secret_value(SecretId=secret, **which)["SecretString"])


def _make_current(client: Any, secret: str, version: str) -> None:
    stages = client.describe_secret(SecretId=secret)["VersionIdsToStages"]
    (current,) = [each for each, labels in stages.items() if "AWSCURRENT" in labels]
    client.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=version, RemoveFromVersionId=current
    )


def _redeploy_services() -> None:
    """Start a new deployment of each service, because a task reads its secrets when it starts."""
    ecs = boto3.client("ecs")
    for each in json.loads(os.environ["SERVICES"]):
        ecs.update_service(cluster=each["cluster"], service=each["service"], forceNewDeployment=True)
        _log.info("new deployment of service %s", each["service"])
