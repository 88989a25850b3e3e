"""A rehearsal's workspace: its own state, its own copy of the settings, and an environment that reaches no account.

Nothing of the user's is written: Pulumi adds `encryptionsalt` to a stack's settings file when it first sees it, so the
engine works in a copy, `<home>/rehearsal/project`, whose `main` points at the real program. The copy also needs no key
of the user's: secure values that the rehearsal's passphrase can't open, and all where the stack's secrets are kept by a
cloud's key service, are replaced by rehearsal values.

A plain `pulumi up` after `eval "$(tierup sandbox env)"` meets the same state: same backend, project and stack name.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from tierup import atomic_file
from tierup.deployment.checkpoint import checkpoint_path
from tierup.deployment.engine_process import ask
from tierup.deployment.failure import ExitCode, Failure
from tierup.deployment.project import Project, read_yaml
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine

PASSPHRASE = "rehearsal"  # noqa: S105 (protects nothing: there is no secret in a rehearsal)

# What could reach a real account, or lead the engine to the user's own state.
_STRIPPED = ("AWS_", "CLOUDFLARE_", "CF_", "MONGODB_", "MONGODBATLAS_", "PULUMI_", "AZURE_", "GOOGLE_", "ARM_")
_NEEDED_BYTES = 64 << 20  # the state and the cloud of the largest stack come to a tenth of it, and are written anew
_KEY_SERVICE = ("secretsprovider", "encryptedkey")
_SALT = "encryptionsalt"


def state_folder(home: Path) -> Path:
    """The rehearsal's Pulumi state (a file backend)."""
    return home / "rehearsal" / "state"


def project_folder(home: Path) -> Path:
    """The rehearsal's working copy of the project."""
    return home / "rehearsal" / "project"


def environment(home: Path, engine: Engine, debug_providers: str) -> dict[str, str]:
    """All that the engine gets to see in a rehearsal: ours without credentials, and where the sandbox is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_STRIPPED)}
    return {
        **kept,
        **engine.environment(),
        "PULUMI_BACKEND_URL": f"file://{state_folder(home)}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        # Neither the user's login nor his plugins play a part.
        "PULUMI_HOME": str(home / "rehearsal" / "pulumi"),
        "PULUMI_DEBUG_PROVIDERS": debug_providers,
        # Without this the engine downloads the real providers before it attaches to the sandbox.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Should anything look for AWS credentials after all, it finds none.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def open_workspace(
    project: Project, stack: str, home: Path, engine: Engine, debug_providers: str, *, create: bool
) -> Workspace:
    """The rehearsal's workspace for a stack, whose state is created when `create` says so.

    Raises:
        Failure: the stack has no settings, or no state and `create` is false.
        OSError: the home can't be written.
    """
    settings = project.settings(stack)
    stack = stack.rpartition("/")[2]  # a file backend knows no organizations
    folder = project_folder(home)
    state_folder(home).mkdir(parents=True, exist_ok=True)
    # The engine would go on for minutes, trying each write of its state ten times.
    if shutil.disk_usage(home).free < _NEEDED_BYTES:
        raise Failure(
            f"The disk that holds {home} has less than {_NEEDED_BYTES >> 20} MiB left: free some, and run this again.",
            ExitCode.FAILED,
        )
    workspace = Workspace(
        project=project,
        stack=stack,
        engine=engine,
        folder=folder,
        environment=environment(home, engine, debug_providers),
        home=home,
    )
    write_if_changed(folder / "Pulumi.yaml", yaml.safe_dump(project_copy(project), sort_keys=False))
    exists = checkpoint_path(state_folder(home), project.name, stack).exists()
    if not exists and not create:
        raise Failure(no_state(project, stack, home), ExitCode.SETTINGS)
    if not _take_over(workspace, settings, exists=exists):
        _replace_secrets(workspace, settings)
    return workspace


def _take_over(workspace: Workspace, settings: Mapping[str, Any], *, exists: bool) -> bool:
    """Copy the settings with their secrets, where the rehearsal's passphrase opens them; says whether it does.

    Creates the state where there is none: the engine checks the passphrase on that occasion.
    """
    salt = settings.get(_SALT)
    known = _known_to_open(workspace.folder, salt) if isinstance(salt, str) else False
    if not isinstance(salt, str) or known is False or any(key in settings for key in _KEY_SERVICE):
        return False
    write_if_changed(_settings_copy_path(workspace), yaml.safe_dump(dict(settings), sort_keys=False))
    if exists and known:
        return True
    try:
        if exists:
            ask(workspace, ["config", "--json", "--show-secrets", "--stack", workspace.stack])
        else:
            ask(workspace, ["stack", "init", workspace.stack])
    except Failure as failure:
        # Anything else is no matter of the passphrase, and would fail again.
        if failure.code != ExitCode.SETTINGS:
            raise
        _remember(workspace.folder, salt, opens=False)
        return False
    _remember(workspace.folder, salt, opens=True)
    return True


def _replace_secrets(workspace: Workspace, settings: Mapping[str, Any]) -> None:
    """Copy the settings with a rehearsal value, encrypted by our passphrase, in place of each secure one."""
    path = _settings_copy_path(workspace)
    before: dict[str, Any] = {}
    if path.is_file():
        before = dict(read_yaml(path))
    if before.get(_SALT) == settings.get(_SALT):
        before = {}  # the salt of the user's passphrase, from before it was known as such
    copied, missing = settings_copy(settings, before)
    write_if_changed(path, yaml.safe_dump(copied, sort_keys=False))
    if not checkpoint_path(state_folder(workspace.home or Path()), workspace.project.name, workspace.stack).exists():
        ask(workspace, ["stack", "init", workspace.stack])
    if missing:
        pairs = [flag for place in missing for flag in ("--secret", f"{place}={rehearsal_value(place)}")]
        ask(workspace, ["config", "set-all", "--path", *pairs, "--stack", workspace.stack])


def _settings_copy_path(workspace: Workspace) -> Path:
    return workspace.folder / f"Pulumi.{workspace.stack}.yaml"


def no_state(project: Project, stack: str, home: Path) -> str:
    """The sentence for a stack that does not stand in the rehearsal."""
    folder = checkpoint_path(state_folder(home), project.name, stack).parent
    names = {path.name.partition(".json")[0] for path in folder.glob("*.json*")} if folder.is_dir() else set[str]()
    known = f"those that do: {', '.join(sorted(names))}" if names else "none does yet"
    return f"Stack '{stack}' does not stand in the sandbox ({known}). `tierup up --stack {stack} --sandbox` creates it."


def project_copy(project: Project) -> dict[str, Any]:
    """Pulumi.yaml for the working copy: the same project, whose paths hold from anywhere."""
    copied = {
        key: value for key, value in project.document.items() if key not in ("stackConfigDir", "config-dir", "backend")
    }
    copied["main"] = str(project.main)
    runtime = copied.get("runtime")
    if isinstance(runtime, dict):
        options = cast("dict[str, Any]", runtime).get("options")
        if isinstance(options, dict) and isinstance(options.get("virtualenv"), str):
            absolute = str(project.folder / cast("str", options["virtualenv"]))
            copied["runtime"] = {**runtime, "options": {**options, "virtualenv": absolute}}
    return copied


def settings_copy(settings: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A stack's settings without what the user's keys need, and the places of the secrets that are still to be set.

    Args:
        settings: the user's.
        before: the copy as it stood, whose salt and secrets are kept: to make them anew costs starts of the engine.

    Returns:
        The copy, and config paths (`tierup:sentryDsn`, `tierup:keys.one[0]`) that have no rehearsal value in it yet.
    """
    dropped = (*_KEY_SERVICE, _SALT, "environment")
    copied = {key: value for key, value in settings.items() if key not in dropped}
    if isinstance(before.get(_SALT), str):
        copied[_SALT] = before[_SALT]
        kept: Mapping[str, Any] = before.get("config") or {}
    else:
        kept = {}
    missing: list[str] = []
    if isinstance(copied.get("config"), dict):
        config: dict[str, Any] = copied["config"]
        copied["config"] = {
            key: _with_rehearsal_values(value, kept.get(key), key, missing) for key, value in config.items()
        }
    return copied, missing


def _with_rehearsal_values(value: Any, kept: Any, place: str, missing: list[str]) -> Any:
    if _is_secure(value):
        if _is_secure(kept):
            return kept
        missing.append(place)
        return rehearsal_value(place)
    if isinstance(value, dict):
        inside: dict[str, Any] = value
        before: dict[str, Any] = kept if isinstance(kept, dict) else {}
        return {
            key: _with_rehearsal_values(each, before.get(key), f"{place}{_key(key)}", missing)
            for key, each in inside.items()
        }
    if isinstance(value, list):
        items: list[Any] = value
        old: list[Any] = kept if isinstance(kept, list) else []
        return [
            _with_rehearsal_values(each, old[number] if number < len(old) else None, f"{place}[{number}]", missing)
            for number, each in enumerate(items)
        ]
    return value


def _key(key: str) -> str:
    return f".{key}" if key.isidentifier() else f'["{key}"]'


def rehearsal_value(key: str) -> str:
    """What stands for a secret of this name. Addresses and private keys stay such, for what checks them."""
    name = re.sub(r"[^a-z]+$", "", key.lower())
    if name.endswith(("dsn", "url", "uri", "webhook", "endpoint")):
        return "https://rehearsal@rehearsal.invalid/1"
    if name.endswith(("privatekey", "clientkey", "tlskey")):
        return "-----BEGIN PRIVATE KEY-----\nrehearsal\n-----END PRIVATE KEY-----"
    return "rehearsal"


def _is_secure(value: Any) -> bool:
    return isinstance(value, dict) and set(cast("dict[str, Any]", value)) == {"secure"}


def write_if_changed(path: Path, text: str) -> None:
    """Write a whole file or nothing: a killed or full write leaves what was there."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_file.write_text(path, text)


# --- whose passphrase a settings file has ---


def _known_to_open(folder: Path, salt: str) -> bool | None:
    """What was found out about a salt before; None when nothing was."""
    try:
        return bool(json.loads((folder / "salts.json").read_text())[_fingerprint(salt)])
    except (OSError, ValueError, KeyError):
        return None


def _remember(folder: Path, salt: str, *, opens: bool) -> None:
    path = folder / "salts.json"
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        known = {}
    write_if_changed(path, json.dumps({**known, _fingerprint(salt): opens}))


def _fingerprint(salt: str) -> str:
    return hashlib.sha256(salt.encode()).hexdigest()[:16]
