"""`tierup site deploy`, `rollback`, `releases` and `purge` on an account (moto's server)."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.tierup.cli.test_without_credentials import SETTINGS
from tests.tierup.site.conftest import BUCKET, Aws, Site, aws, server, site
from tierup.cli.app import app
from tierup.deployment.errors import ExitCode

__all__ = ["aws", "server", "site"]

FIRST = {"index.html": "<h1>1</h1>", "assets/app-1a2b3c4d.js": "render(1)"}
SECOND = {"index.html": "<h1>2</h1>", "assets/app-5e6f7a8b.js": "render(2)"}


@pytest.fixture
def folder(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a project whose stack prod has the site. The engine's outputs are given."""
    outputs = {
        "site_bucket": BUCKET,
        "site_url": "https://app.example.com",
        "cdn_distribution_id": site.cache.distribution_id,
    }
    settings = {**SETTINGS, "tierup:phase": "mvp", "tierup:siteCacheTags": {"/news/*": ["news"]}}
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": settings}))

    def workspace(*_: object, **__: object) -> Any:
        return SimpleNamespace(home=None, stack="prod", flags="--stack prod")

    def stack_outputs(_: object) -> dict[str, str]:
        return outputs

    monkeypatch.setattr("tierup.cli.workspace.open_workspace", workspace)
    monkeypatch.setattr("tierup.site.target.stack_outputs", stack_outputs)
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["site", *arguments, "--stack", "prod", "--cwd", str(folder)])


def test_a_site_is_deployed_returned_and_listed(site: Site, folder: Path) -> None:
    site.build(FIRST)
    first = run(folder, "deploy", str(site.folder), "--message", "first")
    assert first.exit_code == 0, first.output
    assert first.stdout.splitlines()[-1] == "Release 1 is published at https://app.example.com."
    site.build(SECOND)
    second = run(folder, "deploy", str(site.folder), "--message", "second", "--json")
    shown = json.loads(second.stdout)
    assert (shown["release"], shown["changed"], shown["published"]) == (2, True, ["index.html"])
    assert shown["cdn"].startswith("Invalidation ")
    assert site.page() == SECOND["index.html"]

    back = run(folder, "rollback")
    assert (back.exit_code, site.page()) == (0, FIRST["index.html"]), back.output
    listed = json.loads(run(folder, "releases", "--json").stdout)
    assert [(each["release"], each["message"], each["current"]) for each in listed] == [
        (2, "second", False),
        (1, "first", True),
    ]


def test_a_dry_run_lists_the_files_and_changes_nothing(site: Site, folder: Path, aws: Aws) -> None:
    site.build(FIRST)
    aws.calls.clear()
    result = run(folder, "deploy", str(site.folder), "--dry-run")
    assert result.exit_code == 0, result.output
    assert [line.strip() for line in result.stdout.splitlines()] == [
        "2 files would be uploaded",
        "assets/app-1a2b3c4d.js",
        "index.html",
        "1 file would be published",
        "index.html",
        "Dry run of release 1; nothing was changed.",
    ]
    assert [call for call in aws.calls if not call.startswith(("GET", "HEAD"))] == []
    assert run(folder, "releases").stdout.startswith("The site has no releases yet.")


def test_a_second_run_says_that_nothing_changed(site: Site, folder: Path) -> None:
    site.build(FIRST)
    assert run(folder, "deploy", str(site.folder)).exit_code == 0
    again = run(folder, "deploy", str(site.folder))
    assert (again.exit_code, again.stdout) == (0, "Release 1 is published; nothing changed.\n")


def test_an_unknown_tag_is_refused_with_the_known_ones(site: Site, folder: Path) -> None:
    refused = run(folder, "purge", "--tag", "blog")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (ExitCode.SETTINGS, 1)
    assert "--tag: no file has the tag (got blog). Tags of tierup:siteCacheTags: news." in refused.stderr
    purged = run(folder, "purge", "--tag", "news", "--json")
    assert json.loads(purged.stdout)["tags"] == ["news"]
    assert site.invalidated() == [["#news"]]


def test_a_rollback_without_a_release_is_one_sentence(site: Site, folder: Path) -> None:
    refused = run(folder, "rollback", "--json")
    assert refused.exit_code == ExitCode.SETTINGS
    assert json.loads(refused.stdout)["error"] == refused.stderr.strip()
    assert len(refused.stderr.splitlines()) == 1
