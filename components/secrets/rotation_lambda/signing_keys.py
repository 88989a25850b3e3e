"""Rotates the keys that sign tokens, so that no token turns invalid and no user is logged out.

The secret is JSON of three keys. `current` signs; all three verify. A rotation moves each one place on: `next` becomes
`current`, `current` becomes `previous`, and a new `next` is drawn. A task that has not been restarted yet thus knows
the key that a restarted one signs with, because it has it as `next`. A token stays valid for one whole interval after
its key stopped signing.

Secrets Manager calls `handler` with four steps in a row, and each again when it failed:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
(from memory, 2026-11-24)
With RotateImmediately false it calls testSecret alone at first, on a copy, so that step asks only whether the keys are
well formed.

Environment: SERVICES, a JSON list of {"cluster", "service"} whose tasks are started anew with the new keys.
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

PLACES = ("previous", "current", "next")
SHORTEST_KEY = 32  # characters: HMAC-SHA256 wants a key no shorter than its 256 bits (RFC 7518, 3.2)

_log = logging.getLogger()
_log.setLevel(logging.INFO)


def handler(event: Mapping[str, str], context: object) -> None:
    """One step. Raises ValueError for a call that does not fit the secret's state."""
    del context
    secret, version, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    client = boto3.client("secretsmanager")
    stages = client.describe_secret(SecretId=secret)["VersionIdsToStages"].get(version)
    if stages is None:
        raise ValueError(f"version {version} is not one of secret {secret}: start a new rotation")
    done = "AWSCURRENT" in stages
    if not done and "AWSPENDING" not in stages:
        raise ValueError(f"version {version} of secret {secret} is not pending (AWSPENDING): start a new rotation")

    _log.info("step %s of version %s%s", step, version, ", which is current already" if done else "")
    if step == "finishSecret":
        # Also when it is done: a try before may have got no further than that.
        if not done:
            _make_current(client, secret, version)
        _restart_services()
    elif done or step == "setSecret":
        return  # nobody else has to be told of a key
    elif step == "createSecret":
        _create(client, secret, version)
    elif step == "testSecret":
        check(_keys(client, secret, VersionId=version, VersionStage="AWSPENDING"))
    else:
        raise ValueError(f"step is {step}; known are createSecret, setSecret, testSecret, finishSecret")


def rotated(keys: Mapping[str, str]) -> dict[str, str]:
    """Each key one place on, and a new one that signs after the next rotation."""
    return {"previous": keys["current"], "current": keys["next"], "next": secrets.token_urlsafe(48)}


def check(keys: Mapping[str, str]) -> None:
    """Raises ValueError unless every place holds a key that is long enough."""
    for place in PLACES:
        key = keys.get(place)
        if not isinstance(key, str) or len(key) < SHORTEST_KEY:
            raise ValueError(f"key '{place}' is missing or shorter than {SHORTEST_KEY} characters")


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
    (before,) = [each for each, labels in stages.items() if "AWSCURRENT" in labels]
    client.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=version, RemoveFromVersionId=before
    )


def _restart_services() -> None:
    """A task reads its secrets when it starts."""
    ecs = boto3.client("ecs")
    for each in json.loads(os.environ["SERVICES"]):
        ecs.update_service(cluster=each["cluster"], service=each["service"], forceNewDeployment=True)
        _log.info("new deployment of service %s", each["service"])
