"""Turns the engine's error output into one message and an exit code."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace

_Explained = tuple[str, ExitCode]


def _no_stack(match: re.Match[str], at: Workspace) -> _Explained:
    others = at.project.stacks_with_settings()
    known = f"Stacks with settings here: {', '.join(others)}. " if others else ""
    return (
        f"--stack: no such stack in the backend (got {match['stack']}). {known}Create it with `pulumi stack init "
        f"{at.stack}`, or give another one.",
        ExitCode.SETTINGS,
    )


def _locked(match: re.Match[str], at: Workspace) -> _Explained:
    holder = match["holder"].strip().strip("()")
    by = f" ({holder})" if holder else ""
    return (
        f"--stack: the stack is locked by another run (got {at.stack}){by}. Wait until that run has ended, or "
        f"unlock it with `pulumi cancel {at.stack}`.",
        ExitCode.LOCKED,
    )


def _passphrase(_: re.Match[str], at: Workspace) -> _Explained:
    return (
        f"PULUMI_CONFIG_PASSPHRASE: incorrect passphrase for stack '{at.stack}'. Set it to the passphrase that its "
        f"secrets were encrypted with (the salt is in {at.project.settings_file(at.stack)}).",
        ExitCode.SETTINGS,
    )


def _no_passphrase(_: re.Match[str], at: Workspace) -> _Explained:
    return (
        f"PULUMI_CONFIG_PASSPHRASE: must be set for stack '{at.stack}'. Set it or PULUMI_CONFIG_PASSPHRASE_FILE, or "
        "add --sandbox, which needs none.",
        ExitCode.CREDENTIALS,
    )


def _no_backend(_: re.Match[str], at: Workspace) -> _Explained:
    del at
    return (
        "PULUMI_BACKEND_URL: no Pulumi backend is configured. Run `pulumi login` (Pulumi Cloud), `pulumi login "
        "s3://BUCKET` or `pulumi login --local`, or add --sandbox, which needs none.",
        ExitCode.CREDENTIALS,
    )


def _yaml(match: re.Match[str], at: Workspace) -> _Explained:
    file = match["file"] or str(at.project.settings_file(at.stack))
    return f"{file}: not valid YAML (got {match['why'].strip()}). Correct the file.", ExitCode.SETTINGS


NO_SPACE: Final = (
    "No space left on the disk. Free some space and run the command again; it continues where this run stopped."
)


def _no_space(_: re.Match[str], at: Workspace) -> _Explained:
    del at
    return NO_SPACE, ExitCode.FAILED


def _read_only(match: re.Match[str], at: Workspace) -> _Explained:
    del at
    return (
        f"{match['path']}: the engine may not write here (got {match['why']}). Change the permissions, or set "
        "TIERUP_HOME to a writable folder.",
        ExitCode.FAILED,
    )


def _sandbox_stopped(_: re.Match[str], at: Workspace) -> _Explained:
    del at
    return (
        "The sandbox stopped during the run. Run the command again: it starts the sandbox and recovers the operations "
        "that were pending.",
        ExitCode.ENGINE,
    )


_KNOWN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Workspace], _Explained]], ...] = (
    (re.compile(r"no stack named '(?P<stack>[^']+)' found"), _no_stack),
    (re.compile(r"the stack is currently locked by \d+ lock\(s\)[^\n]*(?P<holder>(?:\n[^\n]*)?)"), _locked),
    (re.compile(r"incorrect passphrase"), _passphrase),
    (re.compile(r"passphrase must be set"), _no_passphrase),
    (re.compile(r"PULUMI_ACCESS_TOKEN must be set"), _no_backend),
    (re.compile(r"(?:could not unmarshal '(?P<file>[^']+)': )?invalid YAML file: (?P<why>[^\n]+)"), _yaml),
    (re.compile(r"no space left on device"), _no_space),
    (re.compile(r"(?P<path>/[^\s:]+): (?P<why>permission denied|read-only file system)"), _read_only),
    (
        re.compile(
            r"connection refused|error reading from server: EOF|transport is closing|did not begin responding to RPC"
        ),
        _sandbox_stopped,
    ),
)


def explain_engine_error(printed: str, workspace: Workspace) -> CommandError:
    """Return the command error for what the engine printed."""
    for pattern, explain in _KNOWN:
        match = pattern.search(printed)
        if match is not None and not (explain is _sandbox_stopped and not workspace.in_sandbox):
            return CommandError(*explain(match, workspace))
    errors = [line.partition("error:")[2].strip() for line in printed.splitlines() if line.startswith("error:")]
    reported = "; ".join(error for error in errors if error) or printed.strip() or "it printed no error"
    return CommandError(f"The engine failed: {reported}")
