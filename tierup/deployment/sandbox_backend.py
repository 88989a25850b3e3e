"""The workspace of the sandbox: its own state, its own copy of the settings, and an environment without credentials.

The user's files are not written. Pulumi adds `encryptionsalt` to a stack's settings file on first use, so the engine
works in a copy, `<home>/pulumi/projects/<name>`, whose `main` points at the real program. The copy needs none of the
user's keys: secure values that the sandbox's passphrase cannot decrypt are replaced by placeholders, and so are all
secure values of a stack whose secrets a cloud's key service encrypts.

A plain `pulumi up` after `eval "$(tierup sandbox env)"` uses the same state: the same backend, project and stack name.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import yaml

from tierup import atomic_file
from tierup.deployment.checkpoint import checkpoint_path, tags_path
from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.errors import CommandError, ExitCode, command_error_of
from tierup.deployment.kept_file import kept_file, restore_incomplete
from tierup.deployment.project import Project, read_yaml
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine
from tierup.sandbox import running
from tierup.sandbox.host_apis.server import host_environment

PASSPHRASE = "sandbox"  # noqa: S105 (public: the sandbox holds no real secret)

# Variables with which the engine could reach a real account or the user's own state.
_STRIPPED = (
    *("AWS_", "CLOUDFLARE_", "CF_", "MONGODB_", "MONGODBATLAS_", "PULUMI_", "AZURE_", "GOOGLE_", "ARM_"),
    *("NETLIFY_", "RAILWAY_", "RENDER_", "VERCEL_"),
)
_NEEDED_BYTES = 64 << 20  # ten times what the state and the cloud of the largest stack take
_KEY_SERVICE = ("secretsprovider", "encryptedkey")
_SALT = "encryptionsalt"


def state_folder(home: Path) -> Path:
    """Return the folder of the sandbox's Pulumi state (a file backend)."""
    return home / "pulumi" / "state"


def project_folder(home: Path, project: Project) -> Path:
    """Return the folder of the sandbox's working copy of the project. Projects that share a sandbox have one each."""
    return home / "pulumi" / "projects" / project.name


@contextmanager
def kept_state(workspace: Workspace) -> Generator[None]:
    """Keep the state of a sandbox stack while a short command writes it, if the disk is full. See `kept_file`.

    An operation has a reserve instead (`disk_reserve`). Raises CommandError if there is no space for a copy.
    """
    with _kept(workspace, checkpoint_path):
        yield


@contextmanager
def kept_tags(workspace: Workspace) -> Generator[None]:
    """Keep the tags of a sandbox stack while a command writes them, if the disk is full. See `kept_state`."""
    with _kept(workspace, tags_path):
        yield


@contextmanager
def _kept(workspace: Workspace, file: Callable[[Path, str, str], Path]) -> Generator[None]:
    if workspace.home is None:
        yield
        return
    try:
        with kept_file(file(state_folder(workspace.home), workspace.project.name, workspace.stack)):
            yield
    except OSError as error:
        raise command_error_of(error) from error


def environment(home: Path, engine: Engine, debug_providers: str) -> dict[str, str]:
    """Return the engine's environment in the sandbox: this process's without credentials, and the sandbox's ports."""
    sandbox = running(home)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_STRIPPED)}
    return {
        **kept,
        **engine.environment(),
        # Without metadata=skip the engine writes an attribute file beside each file in place, and a program that reads
        # the outputs of a stack at that moment fails with "failed to load checkpoint: EOF" (setAttrs of gocloud.dev's
        # blob/fileblob, read 2026-11-29).
        "PULUMI_BACKEND_URL": f"file://{state_folder(home)}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        # Keeps the user's login and plugins out.
        "PULUMI_HOME": str(home / "pulumi" / "home"),
        "PULUMI_DEBUG_PROVIDERS": debug_providers,
        # Without this the engine downloads the real providers before it attaches to the sandbox.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # An AWS SDK that searches for credentials finds none.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **host_environment(sandbox.host_api_port if sandbox else 0),
    }


def open_workspace(
    project: Project, stack: str, home: Path, engine: Engine, debug_providers: str, *, create: bool
) -> Workspace:
    """Return the workspace of a stack in the sandbox; `create` creates a state that does not exist.

    Raises:
        CommandError: the stack has no settings, or no state and `create` is false.
        OSError: the home folder cannot be written.
    """
    settings = project.settings(stack)
    stack = stack.rpartition("/")[2]  # a file backend has no organizations
    folder = project_folder(home, project)
    state_folder(home).mkdir(parents=True, exist_ok=True)
    # The engine retries each write of its state ten times, which takes minutes.
    if shutil.disk_usage(home).free < _NEEDED_BYTES:
        raise CommandError(
            f"{home}: too little space on the disk (got less than {_NEEDED_BYTES >> 20} MiB). Free some space and run "
            "the command again.",
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
    write_if_changed(folder / "Pulumi.yaml", yaml.safe_dump(copy_project(project), sort_keys=False))
    for file in (checkpoint_path, tags_path):
        restore_incomplete(file(state_folder(home), project.name, stack))
    exists = checkpoint_path(state_folder(home), project.name, stack).exists()
    if not exists and not create:
        raise CommandError(missing_stack_message(project, stack, home), ExitCode.SETTINGS)
    if not _copy_readable_settings(workspace, settings, exists=exists):
        _replace_secrets(workspace, settings)
    return workspace


def _copy_readable_settings(workspace: Workspace, settings: Mapping[str, Any], *, exists: bool) -> bool:
    """Copy the settings with their secrets, and return whether the sandbox's passphrase decrypts them.

    Creates the state if it does not exist, because the engine checks the passphrase when it does so.
    """
    salt = settings.get(_SALT)
    known = _recorded_salt(workspace.folder, salt) if isinstance(salt, str) else False
    if not isinstance(salt, str) or known is False or any(key in settings for key in _KEY_SERVICE):
        return False
    write_if_changed(_settings_copy_path(workspace), yaml.safe_dump(dict(settings), sort_keys=False))
    if exists and known:
        return True
    try:
        if exists:
            run_engine_command(workspace, ["config", "--json", "--show-secrets", "--stack", workspace.stack])
        else:
            run_engine_command(workspace, ["stack", "init", workspace.stack])
    except CommandError as failure:
        # Other errors have other causes, and would occur again.
        if failure.code != ExitCode.SETTINGS:
            raise
        _record_salt(workspace.folder, salt, decrypts=False)
        return False
    _record_salt(workspace.folder, salt, decrypts=True)
    return True


def _replace_secrets(workspace: Workspace, settings: Mapping[str, Any]) -> None:
    """Copy the settings with a placeholder, encrypted with the sandbox's passphrase, for each secure value."""
    path = _settings_copy_path(workspace)
    before: dict[str, Any] = {}
    if path.is_file():
        before = dict(read_yaml(path))
    if before.get(_SALT) == settings.get(_SALT):
        before = {}  # the salt belongs to the user's passphrase; an earlier run copied it
    copied, missing = copy_settings(settings, before)
    write_if_changed(path, yaml.safe_dump(copied, sort_keys=False))
    if not checkpoint_path(state_folder(workspace.home or Path()), workspace.project.name, workspace.stack).exists():
        run_engine_command(workspace, ["stack", "init", workspace.stack])
    if missing:
        pairs = [flag for path in missing for flag in ("--secret", f"{path}={placeholder_secret(path)}")]
        run_engine_command(workspace, ["config", "set-all", "--path", *pairs, "--stack", workspace.stack])


def _settings_copy_path(workspace: Workspace) -> Path:
    return workspace.folder / f"Pulumi.{workspace.stack}.yaml"


def missing_stack_message(project: Project, stack: str, home: Path) -> str:
    """Return the error message for a stack that does not exist in the sandbox."""
    folder = checkpoint_path(state_folder(home), project.name, stack).parent
    names = {path.name.partition(".json")[0] for path in folder.glob("*.json*")} if folder.is_dir() else set[str]()
    known = f"Existing stacks: {', '.join(sorted(names))}. " if names else ""
    return (
        f"--stack: no such stack in the sandbox (got {stack}). {known}`tierup up --stack {stack} --sandbox` creates it."
    )


def copy_project(project: Project) -> dict[str, Any]:
    """Return Pulumi.yaml for the working copy: the same project with absolute paths."""
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


def copy_settings(settings: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a stack's settings without what needs the user's keys, and the paths of secrets still to be set.

    Args:
        settings: the user's settings.
        before: the previous copy. Its salt and secrets are kept, because creating them starts the engine.

    Returns:
        The copy, and the config paths (`tierup:sentryDsn`, `tierup:keys.one[0]`) that have no placeholder yet.
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
            key: _with_placeholders(value, kept.get(key), key, missing) for key, value in config.items()
        }
    return copied, missing


def _with_placeholders(value: Any, kept: Any, path: str, missing: list[str]) -> Any:
    if is_secure(value):
        if is_secure(kept):
            return kept
        missing.append(path)
        return placeholder_secret(path)
    if isinstance(value, dict):
        inside: dict[str, Any] = value
        before: dict[str, Any] = kept if isinstance(kept, dict) else {}
        return {
            key: _with_placeholders(each, before.get(key), f"{path}{_key(key)}", missing)
            for key, each in inside.items()
        }
    if isinstance(value, list):
        items: list[Any] = value
        old: list[Any] = kept if isinstance(kept, list) else []
        return [
            _with_placeholders(each, old[number] if number < len(old) else None, f"{path}[{number}]", missing)
            for number, each in enumerate(items)
        ]
    return value


def _key(key: str) -> str:
    return f".{key}" if key.isidentifier() else f'["{key}"]'


def placeholder_secret(key: str) -> str:
    """Return a placeholder for a secret: a URL or a private key if the name says so, because programs check that."""
    name = re.sub(r"[^a-z]+$", "", key.lower())
    if name.endswith(("dsn", "url", "uri", "webhook", "endpoint")) or "webhooks." in name:
        return "https://sandbox@sandbox.invalid/1"
    if name.endswith(("privatekey", "clientkey", "tlskey")):
        return "-----BEGIN PRIVATE KEY-----\nsandbox\n-----END PRIVATE KEY-----"  # pragma: allowlist secret
    return "sandbox"


def is_secure(value: Any) -> bool:
    """Return whether a value of a settings file is an encrypted one."""
    return isinstance(value, dict) and set(cast("dict[str, Any]", value)) == {"secure"}


def write_if_changed(path: Path, text: str) -> None:
    """Write a whole file, if its text changes. A write that fails leaves the previous file."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_file.write_text(path, text)


# --- which salts belong to the sandbox's passphrase ---


def _recorded_salt(folder: Path, salt: str) -> bool | None:
    """Return whether the sandbox's passphrase belongs to a salt, or None if no earlier run found out."""
    try:
        return bool(json.loads((folder / "salts.json").read_text())[_fingerprint(salt)])
    except (OSError, ValueError, KeyError):
        return None


def _record_salt(folder: Path, salt: str, *, decrypts: bool) -> None:
    path = folder / "salts.json"
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        known = {}
    write_if_changed(path, json.dumps({**known, _fingerprint(salt): decrypts}))


def _fingerprint(salt: str) -> str:
    return hashlib.sha256(salt.encode()).hexdigest()[:16]
