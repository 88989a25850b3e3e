"""Replicas of secrets: which secret an ARN means, and which key encrypts it."""

from __future__ import annotations

from tierup.sandbox.aws.secret_replicas import SECRET, key_at, secret_at

from .account import Account


def test_arn_of_a_replica_means_its_primary_secret_and_its_own_key(account: Account) -> None:
    made = account.make(SECRET, "keys", replicas=[{"region": "eu-central-1", "kmsKeyId": "key-2"}])
    arn = str(made.outputs["arn"])
    replica = arn.replace("eu-west-1", "eu-central-1")

    assert secret_at(account.cloud.find, arn) == secret_at(account.cloud.find, replica)
    assert secret_at(account.cloud.find, arn.replace("eu-west-1", "eu-west-3")) is None
    assert key_at(made, replica) == "key-2"
    assert key_at(made, arn) is None
