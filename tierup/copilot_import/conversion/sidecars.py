"""Sidecars of a service."""

from __future__ import annotations

from typing import Final

from tierup.copilot_import.conversion.containers import parameter_arn, put_secret, secret_arn
from tierup.copilot_import.conversion.values import Found, problem, words
from tierup.copilot_import.draft import Draft, Result, differs, same, unmapped
from tierup.copilot_import.manifest import Node, WorkspaceError, environment_file
from tierup.program_loader import import_path

with import_path():
    from stacks.config.containers import SidecarConfig


def sidecar_image(draft: Draft, node: Node) -> Found:
    sidecar = draft.path[-2] if draft.path[-1] == "image" else draft.path[-3]
    image = node.text()
    error = problem(SidecarConfig, {"image": image})
    if error is not None:
        return unmapped(f"{image} cannot be used: {error}. Set tierup:{'.'.join((*_sidecar(draft), sidecar))}.image.")
    draft.put(image, *_sidecar(draft), sidecar, "image")
    essential = draft.current.manifest.at("sidecars", sidecar, "essential")
    draft.put(essential is None or essential.value is not False, *_sidecar(draft), sidecar, "essential")
    return Result(
        outcome=differs("").outcome,
        setting=f"tierup:{'.'.join((*_sidecar(draft), sidecar))}.image",
        note="The sidecar gets 128 MiB of the task's memory; set its `memory` if it needs more. It runs as the user of "
        "its image on a writable root file system, which the policies task-user and task-read-only-root report.",
    )


def _sidecar(draft: Draft) -> tuple[str, ...]:
    return (*draft.current.container, "sidecars")


def _of_sidecar(draft: Draft, name: str) -> bool:
    given = draft.current.manifest.at("sidecars", name, "image")
    location = given.at("location") if given is not None and given.is_mapping else given
    return location is not None and problem(SidecarConfig, {"image": location.text()}) is None


_NO_SIDECAR: Final = unmapped("The sidecar was not written, because its image cannot be used.")


def sidecar_essential(draft: Draft, _: Node) -> Found:
    sidecar = draft.path[-2]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join((*_sidecar(draft), sidecar))}.essential")


def sidecar_command(draft: Draft, node: Node) -> Found:
    if not _of_sidecar(draft, draft.path[-2]):
        return _NO_SIDECAR
    if draft.current.manifest.at("sidecars", draft.path[-2], "entrypoint") is not None:
        return unmapped("It belongs to the entrypoint, which has no setting. Set the command that both make together.")
    return draft.mapped(words(node), *_sidecar(draft), draft.path[-2], "command")


def sidecar_variable(draft: Draft, node: Node) -> Found:
    sidecar, key = draft.path[-3], draft.path[-1]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    error = problem(SidecarConfig, {"image": "a/b:1", "environment": {key: node.text()}})
    if error is not None:
        return unmapped(error)
    return draft.mapped(node.text(), *_sidecar(draft), sidecar, "environment", key)


def sidecar_secret(draft: Draft, node: Node) -> Found:
    sidecar, key = draft.path[-3], draft.path[-1]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    return put_secret(draft, parameter_arn(draft, node.text()), *_sidecar(draft), sidecar, "secrets", key)


def sidecar_secret_name(draft: Draft, node: Node) -> Found:
    sidecar, key = draft.path[-4], draft.path[-2]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    return put_secret(draft, secret_arn(draft, node.text()), *_sidecar(draft), sidecar, "secrets", key)


def sidecar_variables_file(draft: Draft, node: Node) -> Found:
    sidecar = draft.path[-2]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    try:
        variables = environment_file(draft.workspace.root, node.text())
    except (OSError, WorkspaceError, UnicodeDecodeError) as error:
        return unmapped(f"The file cannot be read ({error.__class__.__name__}: {node.text()}).")
    own = draft.current.manifest.at("sidecars", sidecar, "variables")
    for key, value in variables.items():
        if own is not None and key in own.fields:
            continue
        if problem(SidecarConfig, {"image": "a/b:1", "environment": {key: value}}) is None:
            draft.put(value, *_sidecar(draft), sidecar, "environment", key)
    return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join((*_sidecar(draft), sidecar))}.environment")
