"""A project on Vercel: its build, variables and domain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.vercel.project import VercelProject, VercelProjectArgs
from tests.engine_recorder import record

ARGS = VercelProjectArgs(
    project_name="shop-site",
    domain="app.example.com",
    repository="you/app",
    branch="main",
    region="dub1",
    root_directory="frontend",
    environment={"VITE_API_URL": "https://api.example.com/api"},
    secrets={"NPM_TOKEN": "npm_secret"},
)
VARIABLE = "vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable"


def test_project_builds_the_repository() -> None:
    found = record(lambda: VercelProject("site", ARGS)).one("vercel:index/project:Project")
    assert found.inputs["gitRepository"] == {"type": "github", "repo": "you/app", "productionBranch": "main"}
    assert (found.inputs["rootDirectory"], found.inputs["serverlessFunctionRegion"]) == ("frontend", "dub1")


def test_only_secret_variables_are_sensitive() -> None:
    found = {each.inputs["key"]: each for each in record(lambda: VercelProject("site", ARGS)).of(VARIABLE)}
    assert {key: each.inputs["sensitive"] for key, each in found.items()} == {"VITE_API_URL": False, "NPM_TOKEN": True}
    assert "value" in found["NPM_TOKEN"].secret_inputs
    assert found["NPM_TOKEN"].inputs["targets"] == ["production", "preview"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"project_name": "Shop"}, r"^project_name: not accepted by Vercel \(got 'Shop'\)"),
        ({"repository": "app"}, r"^repository: not owner/name"),
        ({"secrets": {"VITE_API_URL": "x"}}, r"^environment, secrets: a name is in both \(got VITE_API_URL\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
