"""Render's services in the sandbox: what its API and the provider reject and replace."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account

SERVICE, DOMAIN = "render:services:WebService", "render:services:CustomDomain"
VARIABLES = "render:services:EnvVarsForService"


@pytest.fixture
def account() -> Account:
    return Account()


def service(**changes: Any) -> dict[str, Any]:
    details = {"runtime": "docker", "plan": "starter", "region": "frankfurt", "healthCheckPath": "/health"}
    inputs: dict[str, Any] = {
        "name": "shop-api",
        "ownerId": "tea-0",
        "repo": "https://github.com/you/app",
        "serviceDetails": details,
        **changes,
    }
    return {key: value for key, value in inputs.items() if value is not None}


def paths(account: Account, **changes: Any) -> list[str]:
    return [each.path for each in account.rejections(SERVICE, **service(**changes))]


def test_service_gets_a_slug_which_another_service_of_the_name_varies(account: Account) -> None:
    first = account.make(SERVICE, "first", **service())
    second = account.make(SERVICE, "second", **service(ownerId="tea-1"))
    assert first.outputs["slug"] == "shop-api"
    assert str(second.outputs["slug"]).startswith("shop-api-")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"repo": None}, "image"),
        ({"image": {"imagePath": "ghcr.io/you/app:v1", "ownerId": "tea-0"}}, "image"),
        ({"ownerId": "you"}, "ownerId"),
        ({"serviceDetails": {"runtime": "image"}}, "serviceDetails.runtime"),
        ({"serviceDetails": {"runtime": "docker", "healthCheckPath": "health"}}, "serviceDetails.healthCheckPath"),
        ({"serviceDetails": {"runtime": "docker", "region": "dublin"}}, "serviceDetails.region"),
        ({"envVars": [{"key": "1 A", "value": "x"}]}, "envVars[0].key"),
    ],
)
def test_wrong_service_is_rejected(account: Account, changes: dict[str, Any], path: str) -> None:
    assert path in paths(account, **changes)


def test_name_is_used_once_in_a_workspace(account: Account) -> None:
    account.make(SERVICE, "first", **service())
    assert account.codes(SERVICE, "second", **service()) == {"409"}


def test_domain_has_one_service_and_variables_one_list(account: Account) -> None:
    made = account.make(SERVICE, "first", **service())
    for type_, inputs in ((DOMAIN, {"name": "api.example.com"}), (VARIABLES, {"envVars": []})):
        account.make(type_, "one", serviceId=made.id, **inputs)
        assert account.codes(type_, "two", serviceId=made.id, **inputs) == {"409"}
        assert account.codes(type_, "three", serviceId="srv-missing", **inputs) >= {"404"}
