"""Vercel's projects in the sandbox: what its API and the provider reject."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account

PROJECT, DOMAIN = "vercel:index/project:Project", "vercel:index/projectDomain:ProjectDomain"
VARIABLE = "vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable"


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def project(account: Account) -> str:
    return account.make(PROJECT, "site", name="shop-site", teamId="team_1").id


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"name": "Shop"}, "name"),
        ({"name": "a" * 53}, "name"),
        ({"name": "shop", "gitRepository": {"type": "github", "repo": "app"}}, "gitRepository.repo"),
        ({"name": "shop", "serverlessFunctionRegion": "eu-west-1"}, "serverlessFunctionRegion"),
    ],
)
def test_wrong_project_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    assert path in [each.path for each in account.rejections(PROJECT, **inputs)]


def test_name_is_used_once_in_a_team(account: Account, project: str) -> None:
    assert project.startswith("prj_")
    assert account.codes(PROJECT, "other", name="shop-site", teamId="team_1") == {"conflict"}
    assert account.codes(PROJECT, "other", name="shop-site", teamId="team_2") == set()


def test_domain_is_a_host_name_of_one_project(account: Account, project: str) -> None:
    account.make(DOMAIN, "one", projectId=project, domain="app.example.com")
    assert account.codes(DOMAIN, "two", projectId=project, domain="app.example.com") == {"domain_already_in_use"}
    assert account.codes(DOMAIN, "two", projectId=project, domain="APP") == {"invalid_domain"}
    assert account.codes(DOMAIN, "two", projectId="prj_missing", domain="b.example.com") == {"not_found"}


@pytest.mark.parametrize(
    "changes",
    [{"targets": ["development"], "sensitive": True}, {"targets": ["staging"]}, {"targets": []}],
)
def test_wrong_variable_is_rejected(account: Account, project: str, changes: dict[str, Any]) -> None:
    inputs = {"projectId": project, "key": "TOKEN", "value": "x", "sensitive": False, "targets": ["preview"], **changes}
    assert account.codes(VARIABLE, **inputs) == {"bad_request"}


def test_variable_is_set_once_for_each_target(account: Account, project: str) -> None:
    inputs = {"projectId": project, "key": "TOKEN", "value": "x", "sensitive": True}
    account.make(VARIABLE, "one", **inputs, targets=["production"])
    assert account.codes(VARIABLE, "two", **inputs, targets=["production", "preview"]) == {"ENV_ALREADY_EXISTS"}
    assert account.codes(VARIABLE, "two", **inputs, targets=["preview"]) == set()
