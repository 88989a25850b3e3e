"""An `up` from a settings file that is older than the last release is refused; a new image is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tierup.release.test_image_settings import applied
from tierup.deployment import stack_tags
from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import find
from tierup.deployment.workspace import Workspace
from tierup.release.release_log import Release, ReleaseResult, encode
from tierup.release.stale_images import check_images

FIRST = Release(number=1, service="backend", image="app:v1", at="x", by="y", result=ReleaseResult.BY_UP)
SECOND = replace(FIRST, number=2, image="app:v2", result=ReleaseResult.SUCCEEDED)
REPORTS = replace(FIRST, number=3, service="reports", image="reports:v1")
LATER = replace(REPORTS, number=4, image="reports:v2", result=ReleaseResult.SUCCEEDED)
DEPLOYED = {"tierup:image": "app:v2", "tierup:services": {"reports": {"image": "reports:v2", "priority": 10}}}


def check(
    folder: Path, monkeypatch: pytest.MonkeyPatch, config: dict[str, Any], *releases: Release, deployed: Any = DEPLOYED
) -> None:
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "p", "runtime": "python"}))
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    tags = {name: value for each in releases for name, value in encode(each).items()}
    monkeypatch.setattr(stack_tags, "read_tags", lambda _: tags)
    engine: Any = None
    workspace = Workspace(project=find(folder), stack="dev", engine=engine, folder=folder, environment={})
    outputs = {"applied_settings": json.dumps(applied(deployed))} if deployed is not None else {}
    check_images(workspace, Checkpoint(resources=[{"urn": "u", "type": "pulumi:pulumi:Stack", "outputs": outputs}]))


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({**DEPLOYED, "tierup:image": "app:v1"}, "tierup:image: .*release 2 .got app:v1, deployed is app:v2.*--to 1"),
        ({"tierup:services": DEPLOYED["tierup:services"]}, r"tierup:image: .*release 2 .got no image"),
        (
            {**DEPLOYED, "tierup:services": {"reports": {"image": "reports:v1", "priority": 10}}},
            r"tierup:services\.reports\.image: .*release 4 .*--service reports --to 3",
        ),
    ],
)
def test_an_older_settings_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: dict[str, Any], named: str
) -> None:
    with pytest.raises(CommandError, match=named) as raised:
        check(tmp_path, monkeypatch, config, FIRST, SECOND, REPORTS, LATER)
    assert raised.value.code is ExitCode.SETTINGS


@pytest.mark.parametrize(
    ("config", "releases", "deployed"),
    [
        (DEPLOYED, [FIRST, SECOND], DEPLOYED),
        ({**DEPLOYED, "tierup:image": "app:v3"}, [FIRST, SECOND], DEPLOYED),  # a new image
        ({**DEPLOYED, "tierup:image": "app:v1"}, [], DEPLOYED),  # no release: `up` deploys the images
        ({**DEPLOYED, "tierup:image": "app:v1"}, [FIRST], DEPLOYED),  # `up` deployed app:v2 later
        ({"tierup:image": "app:v1"}, [FIRST, SECOND], None),  # nothing is deployed
    ],
)
def test_every_other_settings_file_passes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    config: dict[str, Any],
    releases: list[Release],
    deployed: dict[str, Any] | None,
) -> None:
    check(tmp_path, monkeypatch, config, *releases, deployed=deployed)
    assert find(tmp_path).settings("dev")["config"] == config
