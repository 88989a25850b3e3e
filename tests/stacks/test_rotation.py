"""The steps of a rotation: what the servers accept, and which credential the clients get."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.config.groups import generations
from tests.stacks.test_options import built_with_secrets

USER = "mongodbatlas:index/databaseUser:DatabaseUser"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
CACHE_USER = "aws:elasticache/user:User"


def test_a_rotation_accepts_both_generations_until_it_ends() -> None:
    found = [generations(steps) for steps in range(5)]
    assert [each.used for each in found] == [0, 0, 1, 1, 1]
    assert [tuple(each.accepted) for each in found] == [(0,), (0, 1), (0, 1), (1,), (1, 2)]


@pytest.mark.parametrize(
    ("steps", "users", "used"),
    [(0, ["app"], "app"), (1, ["app", "app-2"], "app"), (2, ["app", "app-2"], "app-2"), (3, ["app-2"], "app-2")],
)
def test_the_database_has_two_users_in_turn(steps: int, users: list[str], used: str) -> None:
    recording = built_with_secrets(rotation=f'{{"database": {steps}}}')
    assert sorted(each.inputs["username"] for each in recording.of(USER)) == users
    resources = {each.inputs["username"]: each.name for each in recording.of(USER)}
    assert resources == {name: {"app": "database-user", "app-2": "database-user-2"}[name] for name in users}
    uri: Any = recording.named("connection-mongodb-uri-value").inputs["secretString"]
    assert uri.startswith(f"mongodb+srv://{used}:")


@pytest.mark.parametrize(
    ("steps", "strategy"), [(0, "ROTATE"), (1, "ROTATE"), (2, "ROTATE"), (3, "SET"), (4, "ROTATE")]
)
def test_the_cache_adds_the_new_token_and_removes_the_old_one_last(steps: int, strategy: str) -> None:
    recording = built_with_secrets(rotation=f'{{"cache": {steps}}}')
    assert recording.one(CACHE).inputs["authTokenUpdateStrategy"] == strategy


@pytest.mark.parametrize(("steps", "count"), [(0, 1), (1, 2), (2, 2), (3, 1)])
def test_the_users_of_the_cache_have_two_passwords_during_a_rotation(steps: int, count: int) -> None:
    recording = built_with_secrets(rotation=f'{{"cache": {steps}}}', cacheAuth="users")
    assert {len(each.inputs["passwords"]) for each in recording.of(CACHE_USER)} == {count}


@pytest.mark.parametrize(("steps", "count"), [(0, 1), (1, 2), (2, 2), (3, 1)])
def test_the_load_balancer_accepts_two_keys_during_a_rotation(steps: int, count: int) -> None:
    recording = built_with_secrets(phase=Phase.SCALE, rotation=f'{{"originKey": {steps}}}')
    rules: Any = recording.named("api-web-acl-acl").inputs["rules"]
    statement = next(each for each in rules if each["name"] == "cdn-only")["statement"]["notStatement"]["statement"]
    keys = statement["orStatement"]["statements"] if "orStatement" in statement else [statement]
    assert len(keys) == count


def test_without_a_rotation_no_secret_has_a_second_version() -> None:
    versions = built_with_secrets().of("aws:secretsmanager/secretVersion:SecretVersion")
    assert versions
    assert [each.name for each in versions if not each.name.endswith("-value")] == []
