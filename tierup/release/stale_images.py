"""Rejects an `up` from a settings file that is older than the last release, which would deploy an older image again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace
from tierup.release.stack_services import stack_outputs

_APPLIED_SETTINGS: Final = "applied_settings"  # stacks/change_guard.py, which takes time to import
_IMAGE_KEYS: Final = ("tierup:image", "tierup:services")


def check_images(workspace: Workspace, state: Checkpoint) -> None:
    """Raise CommandError if the settings file has an image of an earlier release, or lacks that of the last one.

    The stack's tags are read only if an image differs from the deployed one.
    """
    recorded = stack_outputs(state).get(_APPLIED_SETTINGS)
    config: Mapping[str, Any] = workspace.project.settings(workspace.stack).get("config") or {}
    if not isinstance(recorded, str):
        return
    applied = cast("Mapping[str, str]", json.loads(recorded))
    if all(_plain(config.get(key)) == _plain(applied.get(key)) for key in _IMAGE_KEYS):
        return
    _check_releases(workspace, config, applied)


def _check_releases(workspace: Workspace, config: Mapping[str, Any], applied: Mapping[str, str]) -> None:
    # They import the program, which an `up` with unchanged images has no need of.
    from tierup.deployment.stack_tags import read_tags
    from tierup.program_loader import forget
    from tierup.release import release_log
    from tierup.release.image_settings import applied_config, service_images

    deployed = service_images(applied_config(applied))
    wanted = service_images(config)
    changed = {
        name: (each.image, deployed[name].image)
        for name, each in wanted.items()
        if name in deployed and each.image != deployed[name].image
    }
    if not changed:
        return
    releases = release_log.decode(read_tags(workspace))
    for service, (image, runs) in changed.items():
        last = release_log.running_release(releases, service)
        earlier = [each.number for each in releases if each.service == service and each.image == image]
        if last is None or last.image != runs or not (earlier or image is None):
            continue
        back = (
            f" To return to the older image, run `tierup rollback {workspace.flags} --service {service} --to "
            f"{max(earlier)}`."
            if earlier
            else ""
        )
        raise CommandError(
            f"{'.'.join(wanted[service].keys)}: the settings file is older than release {last.number} (got "
            f"{image or 'no image'}, deployed is {runs}). Take the newest Pulumi.{workspace.stack}.yaml from version "
            f"control, or set the deployed image.{back}",
            ExitCode.SETTINGS,
        )
    forget()  # the program of the project imports its own modules


def _plain(value: Any) -> Any:
    """Return a value of the settings file or of the recorded settings, which hold objects as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
