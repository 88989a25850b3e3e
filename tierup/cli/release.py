"""`tierup deploy`, `rollback` and `releases`: one image deployed without any other change of the stack."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tierup.cli.confirmation import cancelled, check_terminal
from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Policies, Sandbox, Stack, Traceback, Wait, Yes
from tierup.cli.release_workspace import OpenedStack, open_stack

if TYPE_CHECKING:
    from tierup.release.deployment import PreparedRelease, ReleaseOutcome, ReleaseSession, StackReleases
    from tierup.release.image_reference import ImageReference
    from tierup.release.release_log import Release

Service = Annotated[
    str,
    typer.Option(
        "--service", help="backend (with the worker and the tasks of the same image), or a name of tierup:services."
    ),
]
Image = Annotated[
    str | None, typer.Option("--image", help="The image: REPOSITORY:TAG or REPOSITORY@sha256:DIGEST, or a tag alone.")
]
Build = Annotated[
    Path | None,
    typer.Option("--build", metavar="DIR", help="On real accounts: build this folder and push it to the stack's ECR."),
]
Dockerfile = Annotated[
    Path | None,
    typer.Option(
        "--dockerfile",
        metavar="FILE",
        help="The Dockerfile of --build, such as that of one application of a monorepo.",
        show_default="that of the folder",
    ),
]
To = Annotated[int | None, typer.Option("--to", metavar="RELEASE", help="The number of the release to return to.")]


def deploy(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Service = "backend",
    image: Image = None,
    build: Build = None,
    dockerfile: Dockerfile = None,
    yes: Yes = False,
    policies: Policies = True,
    as_json: AsJson = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
    wait: Wait = 0.0,
) -> None:
    """Deploy an image by its digest, and nothing else.

    The release task runs first and must succeed. If the deployment fails, the previous image is deployed again and the
    command exits with 1. The settings file and the state agree afterwards, so that `tierup up` changes nothing.
    """
    with handle_errors(as_json=as_json):
        if (image is None) == (build is None):
            raise usage_error("--image, --build: exactly one must be set (got both or none). Give --image or --build.")
        if dockerfile is not None and build is None:
            raise usage_error(f"--dockerfile: needs --build (got {dockerfile}). Give the folder of the build as well.")
        if build is not None and sandbox:
            raise usage_error(
                f"--build: not possible in the sandbox (got {build}). It has no registry; give --image instead."
            )
        if not (sandbox or yes):
            check_terminal("deploy")
        opened = open_stack(stack, sandbox=sandbox, as_json=as_json, cwd=cwd)
        command = _ReleaseCommand(
            opened, policies=policies, traceback=traceback, wait=wait, yes=yes, as_json=as_json, operation="deploy"
        )
        command.deploy(service, image, build, dockerfile)


def rollback(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Service = "backend",
    to: To = None,
    yes: Yes = False,
    policies: Policies = True,
    as_json: AsJson = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
    wait: Wait = 0.0,
) -> None:
    """Deploy the image of an earlier release again.

    The default is the release before the current one. The release task does not run: a database migration of an older
    image must not run on a newer schema.
    """
    with handle_errors(as_json=as_json):
        if not (sandbox or yes):
            check_terminal("rollback")
        opened = open_stack(stack, sandbox=sandbox, as_json=as_json, cwd=cwd)
        command = _ReleaseCommand(
            opened, policies=policies, traceback=traceback, wait=wait, yes=yes, as_json=as_json, operation="rollback"
        )
        command.rollback(service, to)


def releases(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Annotated[str | None, typer.Option("--service", help="Only the releases of this service.")] = None,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """List the newest 30 releases of a stack. Shows number, time, service, image, user and result."""
    with handle_errors(as_json=as_json):
        from tierup.release.deployment import read_releases

        opened = open_stack(stack, sandbox=sandbox, as_json=as_json, cwd=cwd)
        found = read_releases(opened.workspace)
        listed = [each for each in found.releases if service in (None, each.service)]
        if as_json:
            documents = [{**release_document(each), "runs": _runs(found, each)} for each in reversed(listed)]
            print(json.dumps({"stack": opened.workspace.stack, "releases": documents}, indent=2))
        else:
            _print_releases(opened, found, listed)


class _ReleaseCommand:
    """One run of `tierup deploy` or `tierup rollback`."""

    def __init__(
        self,
        opened: OpenedStack,
        *,
        policies: bool,
        traceback: bool,
        wait: float,
        yes: bool,
        as_json: bool,
        operation: str,
    ) -> None:
        from tierup.deployment.operation import OperationOptions
        from tierup.release.deployment import ReleaseSession

        self._opened = opened
        self._workspace = opened.workspace
        self._yes = yes
        self._as_json = as_json
        self._operation = operation
        self._session: ReleaseSession = ReleaseSession(
            project=opened.project,
            stack=opened.stack,
            console=opened.console,
            open_workspace=opened.open_again,
            compute=opened.compute(),
            options=OperationOptions(policies=policies, show_violations=False, traceback=traceback, wait_seconds=wait),
        )

    def deploy(self, service: str, image: str | None, build: Path | None, dockerfile: Path | None) -> None:
        """Resolve the image, and deploy it after the confirmation."""
        from tierup.release.deployment import read_releases
        from tierup.release.image_settings import select
        from tierup.switch.settings_file import read_config

        config = read_config(self._opened.project, self._opened.stack)
        select(config, service)
        if build is not None:
            pinned, tag = self._build(service, build, dockerfile)
        else:
            pinned, tag = self._resolve(service, image or "")
        found = read_releases(self._workspace)
        self._carry_out(found, service, pinned, tag=tag, rollback_to=None)

    def rollback(self, service: str, to: int | None) -> None:
        """Find the earlier release, and deploy its image after the confirmation."""
        from tierup.release.deployment import read_releases
        from tierup.release.release_log import RUNS, release_before

        found = read_releases(self._workspace)
        if to is None:
            target = release_before(found.releases, service, found.running(service) or "")
            if target is None:
                raise usage_error(
                    f"--service: no earlier release with another image is known (got {service}). Run `tierup releases "
                    f"{self._workspace.flags}`, or deploy an image with `tierup deploy {self._workspace.flags} "
                    "--image IMAGE`."
                )
        else:
            target = next((each for each in found.releases if each.number == to and each.service == service), None)
            if target is None or target.result not in RUNS:
                numbers = [
                    str(each.number) for each in found.releases if each.service == service and each.result in RUNS
                ]
                raise usage_error(
                    f"--to: no successful release of {service} (got {to}). Allowed: {', '.join(numbers) or 'none'}."
                )
        self._carry_out(found, service, target.image, tag=target.tag, rollback_to=target.number)

    def _resolve(self, service: str, text: str) -> tuple[str, str]:
        """Return an image by digest, and its tag. In the sandbox nothing resolves a tag, so it stays."""
        from tierup.release.image_reference import parse
        from tierup.release.registries import digest_of

        if "/" not in text and ":" not in text and "@" not in text and text:
            text = f"{self._repository(service)}:{text}"
        reference: ImageReference = parse(text)
        if reference.digest:
            return reference.pinned(reference.digest), reference.tag
        if self._workspace.in_sandbox:
            self._session.say("The sandbox has no registry: the tag is deployed as it is, without a digest.")
            return text, reference.tag
        clients = self._opened.clients()
        digest = digest_of(reference, lambda region: clients.client("ecr", region))
        self._session.say(f"{text} is {digest}.")
        return reference.pinned(digest), reference.tag

    def _repository(self, service: str) -> str:
        """Return the address of the stack's ECR repository of a service. Raises CommandError."""
        from tierup.deployment.stack_state import read_state
        from tierup.release.stack_services import repository_of

        return repository_of(read_state(self._workspace), service)

    def _build(self, service: str, folder: Path, dockerfile: Path | None) -> tuple[str, str]:
        from tierup.release.aws_errors import aws_errors
        from tierup.release.docker_build import build_and_push, check_docker, ecr_login
        from tierup.release.image_settings import platform_of
        from tierup.switch.settings_file import read_config

        docker = check_docker(folder, dockerfile)
        repository = self._repository(service)
        platform = platform_of(read_config(self._opened.project, self._opened.stack), service)
        with aws_errors():
            client = self._opened.clients().client("ecr")
        login = ecr_login(client)
        return build_and_push(docker, folder, repository, platform, login, self._session.say, dockerfile=dockerfile)

    def _carry_out(self, found: StackReleases, service: str, image: str, *, tag: str, rollback_to: int | None) -> None:
        from tierup.release.deployment import carry_out, prepare

        prepared = prepare(self._session, self._workspace, found, service, image, tag=tag, rollback_to=rollback_to)
        if prepared.plan.empty:
            self._print_nothing(image)
            return
        self._print_plan(prepared)
        if not (self._workspace.in_sandbox or self._yes):
            question = f"Deploy this to the real accounts of stack '{self._workspace.stack}'?"
            if not typer.confirm(question, err=True):
                raise cancelled()
        self._report(prepared, carry_out(self._session, self._workspace, prepared))

    def _print_plan(self, prepared: PreparedRelease) -> None:
        self._session.say(f"Release {prepared.release.number} of {prepared.release.service}:")
        self._session.say(f"  from {prepared.previous or 'the placeholder'}")
        self._session.say(f"  to   {prepared.release.image}")
        names = ", ".join(dict.fromkeys(each.name for each in prepared.plan.steps))
        self._session.say(f"  changes {names}")

    def _print_nothing(self, image: str) -> None:
        if self._as_json:
            document: dict[str, Any] = {
                "operation": self._operation,
                "stack": self._workspace.stack,
                "result": "succeeded",
                "exit_code": 0,
                "error": None,
                "release": None,
                "changed": [],
            }
            print(json.dumps(document, indent=2))
        else:
            self._session.say(f"{image} is deployed already; nothing was changed.")

    def _report(self, prepared: PreparedRelease, ended: ReleaseOutcome) -> None:
        from tierup.deployment.summary import as_document
        from tierup.deployment.traffic import traffic_lines

        release, outcome = ended.release, ended.outcome
        failed = bool(ended.code)
        error = ended.reasons[0] if failed and ended.reasons else None
        if self._as_json:
            document = {
                "operation": self._operation,
                "project": self._opened.project.name,
                "stack": self._workspace.stack,
                "sandbox": self._workspace.in_sandbox,
                "result": "failed" if failed else "succeeded",
                "exit_code": int(ended.code),
                "error": error,
                "release": release_document(release),
                "previous": prepared.previous,
                "changed": list(dict.fromkeys(each.urn for each in prepared.plan.steps)),
                "reasons": list(ended.reasons),
                "traffic": as_document(self._workspace, outcome)["traffic"] if outcome is not None else None,
            }
            print(json.dumps(document, indent=2))
        else:
            if outcome is not None and outcome.traffic is not None:
                for line in traffic_lines(outcome.traffic):
                    self._session.say(line)
            self._session.say(f"Release {release.number} of {release.service}: {release.result}.")
            if not failed:
                name = self._opened.project.settings_file(self._opened.stack).name
                self._session.say(f"{name} names the image. Commit it, so that the next `tierup up` keeps the release.")
                if self._operation == "deploy":
                    self._session.say(f"`tierup rollback {self._workspace.flags}` returns to the image before.")
        if failed:
            raise typer.Exit(int(ended.code))


def release_document(release: Release) -> dict[str, Any]:
    """Return a release as plain values for JSON."""
    return {**asdict(release), "result": release.result.value}


def _runs(found: StackReleases, release: Release) -> bool:
    from tierup.release.release_log import running_release

    last = running_release(found.releases, release.service)
    return last is not None and last.number == release.number and found.running(release.service) == release.image


def _print_releases(opened: OpenedStack, found: StackReleases, listed: list[Release]) -> None:
    from tierup.cli.columns import print_columns

    if not listed:
        opened.console.print(
            f"No releases yet. `tierup deploy {opened.workspace.flags} --image IMAGE` makes one.", highlight=False
        )
        return
    rows = [("RELEASE", "TIME", "SERVICE", "IMAGE", "BY", "RESULT")]
    for each in reversed(listed):
        image = each.image.rpartition("/")[2]
        name, at, digest = image.partition("@")
        shown = f"{name}:{each.tag}" if each.tag and ":" not in name else name
        if at:
            shown += f"@{digest[:14]}"
        result = each.result.value + (f" to {each.rollback_to}" if each.rollback_to is not None else "")
        if _runs(found, each):
            result += " (runs)"
        if each.reason:
            result += f": {each.reason}"
        rows.append((str(each.number), each.at, each.service, shown, each.by, result))
    print_columns(opened.console, rows)
