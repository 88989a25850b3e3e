"""Turns what the engine prints when it fails into one sentence and an exit code."""

from __future__ import annotations

import re
from collections.abc import Callable

from tierup.deployment.failure import ExitCode, Failure
from tierup.deployment.workspace import Workspace

_Made = tuple[str, ExitCode]


def _no_stack(match: re.Match[str], at: Workspace) -> _Made:
    others = at.project.stacks_with_settings()
    known = f"; stacks with settings here: {', '.join(others)}" if others else ""
    return (
        f"There is no stack '{match['stack']}' in the backend{known}. Create it with `pulumi stack init {at.stack}`, "
        "or name another with --stack.",
        ExitCode.SETTINGS,
    )


def _locked(match: re.Match[str], at: Workspace) -> _Made:
    holder = match["holder"].strip().strip("()")
    by = f" by {holder}" if holder else ""
    return (
        f"Stack '{at.stack}' is locked{by}: wait until that run has ended, or `pulumi cancel {at.stack}`.",
        ExitCode.LOCKED,
    )


def _passphrase(_: re.Match[str], at: Workspace) -> _Made:
    return (
        f"The passphrase does not open stack '{at.stack}': set PULUMI_CONFIG_PASSPHRASE to the one that its secrets "
        f"were encrypted with (its salt stands in {at.project.settings_file(at.stack)}).",
        ExitCode.SETTINGS,
    )


def _no_passphrase(_: re.Match[str], at: Workspace) -> _Made:
    return (
        f"Stack '{at.stack}' needs a passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or "
        "rehearse without one by --sandbox.",
        ExitCode.CREDENTIALS,
    )


def _no_backend(_: re.Match[str], at: Workspace) -> _Made:
    del at
    return (
        "No Pulumi backend is chosen to keep the state: run `pulumi login` (Pulumi Cloud), `pulumi login s3://BUCKET` "
        "or `pulumi login --local`, or rehearse without one by --sandbox.",
        ExitCode.CREDENTIALS,
    )


def _yaml(match: re.Match[str], at: Workspace) -> _Made:
    file = match["file"] or str(at.project.settings_file(at.stack))
    return f"{file} is not valid YAML: {match['why'].strip()}.", ExitCode.SETTINGS


def _no_space(_: re.Match[str], at: Workspace) -> _Made:
    del at
    return (
        "There is no space left on the disk: free some and run this again; it takes over from where this run stopped.",
        ExitCode.FAILED,
    )


def _read_only(match: re.Match[str], at: Workspace) -> _Made:
    del at
    return (
        f"The engine may not write to {match['path']} ({match['why']}): change its permissions, or set TIERUP_HOME to "
        "a folder that can be written.",
        ExitCode.FAILED,
    )


def _sandbox_gone(_: re.Match[str], at: Workspace) -> _Made:
    del at
    return (
        "The sandbox went away during the run: run this again, which starts it and takes over what was under way.",
        ExitCode.ENGINE,
    )


_KNOWN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Workspace], _Made]], ...] = (
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
        _sandbox_gone,
    ),
)


def sentence_of(printed: str, workspace: Workspace) -> Failure:
    """What the engine printed, as a failure."""
    for pattern, make in _KNOWN:
        match = pattern.search(printed)
        if match is not None and not (make is _sandbox_gone and not workspace.rehearses):
            return Failure(*make(match, workspace))
    errors = [line.partition("error:")[2].strip() for line in printed.splitlines() if line.startswith("error:")]
    said = "; ".join(error for error in errors if error) or printed.strip() or "it did not say why"
    return Failure(f"The engine failed: {said}")
