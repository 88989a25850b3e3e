"""`tierup import`: writes settings of stacks from another tool's project."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd

if TYPE_CHECKING:
    from tierup.copilot_import.draft import Options
    from tierup.copilot_import.report import ImportedStack

app = typer.Typer(
    name="import",
    help="Write settings of stacks from another tool's project.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_TITLES: Final[Mapping[str, str]] = {
    "maps": "What maps",
    "differs": "What differs",
    "does not map": "What does not map",
}

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="The folder that contains copilot/.")]
Stacks = Annotated[
    list[str] | None,
    typer.Option("--stack", "-s", help="Import this environment only; repeat for several.", show_default="all"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the report and the settings, and write nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing settings files.")]
Region = Annotated[str, typer.Option("--region", help="The AWS region.")]
Account = Annotated[
    str | None, typer.Option("--account", help="The AWS account of SSM parameters that manifests name without an ARN.")
]
Phase = Annotated[
    str | None,
    typer.Option("--phase", help="The phase of the stacks.", show_default="the first that has what is used"),
]
Tier = Annotated[str, typer.Option("--tier", help="The tier of the stacks.")]
Domain = Annotated[str | None, typer.Option("--domain", help="The site's host name; needs a single --stack.")]
ApiDomain = Annotated[str | None, typer.Option("--api-domain", help="The API's host name; needs a single --stack.")]
AlertEmail = Annotated[str | None, typer.Option("--alert-email", help="The e-mail address for alerts.")]
AtlasOrgId = Annotated[str | None, typer.Option("--atlas-org-id", help="The id of the MongoDB Atlas organization.")]
Api = Annotated[str | None, typer.Option("--api", help="The service that becomes tierup:backend.")]
Worker = Annotated[str | None, typer.Option("--worker", help="The Worker Service that becomes tierup:worker.")]
Expose = Annotated[
    list[str] | None,
    typer.Option("--expose", help="A Backend Service that may get a public route; repeat for several."),
]
Image = Annotated[
    list[str] | None,
    typer.Option(
        "--image", metavar="NAME=IMAGE", help="The pushed image of a service that is built; repeat for several."
    ),
]
Secret = Annotated[
    list[str] | None,
    typer.Option(
        "--secret", metavar="NAME=ARN", help="The complete ARN of a Secrets Manager secret; repeat for several."
    ),
]
Queue = Annotated[str | None, typer.Option("--queue", metavar="ARN", help="The SQS queue of the worker.")]


@app.callback()
def _group() -> None:
    """Keep `copilot` a subcommand, because further tools may follow."""


@app.command()
def copilot(
    directory: Directory = Path(),
    stack: Stacks = None,
    dry_run: DryRun = False,
    force: Force = False,
    cwd: Cwd = None,
    region: Region = "eu-west-1",
    account: Account = None,
    phase: Phase = None,
    tier: Tier = "small",
    domain: Domain = None,
    api_domain: ApiDomain = None,
    alert_email: AlertEmail = None,
    atlas_org_id: AtlasOrgId = None,
    api: Api = None,
    worker: Worker = None,
    expose: Expose = None,
    image: Image = None,
    secret: Secret = None,
    queue: Queue = None,
    as_json: AsJson = False,
) -> None:
    """Write settings of stacks from an AWS Copilot workspace.

    Reports which fields of the manifests map, which differ, and which do not map.
    """
    with handle_errors(as_json=as_json):
        from tierup.copilot_import.draft import Options
        from tierup.copilot_import.manifest import WorkspaceError, load
        from tierup.copilot_import.planning import import_workspace
        from tierup.copilot_import.settings_file import text
        from tierup.program_settings import RejectedSettingsError

        options = Options(
            region=region,
            account=_checked_account(account),
            phase=_phase(phase),
            tier=_tier(tier),
            domain=domain,
            api_domain=api_domain,
            alert_email=alert_email,
            atlas_org_id=atlas_org_id,
            api=api,
            worker=worker,
            exposed=expose or (),
            images=_pairs("--image", image),
            secrets=_pairs("--secret", secret),
            queue=queue,
        )
        try:
            workspace = load(directory)
            stacks = import_workspace(workspace, options, stack or ())
        except (WorkspaceError, RejectedSettingsError) as error:
            raise usage_error(str(error)) from error
        _check_names(options, stacks)
        folder = (cwd or Path()).absolute()
        files = {f"Pulumi.{each.name}.yaml": text(each, workspace.application) for each in stacks}
        overwritten = sorted(name for name in files if (folder / name).exists())
        if overwritten and not (force or dry_run):
            raise usage_error(
                f"--cwd: settings files exist already (got {folder}: {', '.join(overwritten)}). Nothing was written. "
                "Give another folder, add --dry-run to see the settings, or --force to overwrite the files."
            )
        if not dry_run:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (folder / name).write_text(content, encoding="utf-8")
        if as_json:
            print(json.dumps(_document(workspace.application, stacks, files, overwritten, dry_run=dry_run), indent=2))
            return
        _print_report(stacks)
        if dry_run:
            for name, content in files.items():
                typer.echo(f"\n{name} (not written):\n{content.rstrip()}")
            return
        _print_files(folder, files, overwritten, stacks)


def _checked_account(account: str | None) -> str | None:
    if account is not None and not (len(account) == 12 and account.isdigit()):
        raise usage_error(f"--account: not the id of an AWS account (got {account!r}). Give its 12 digits.")
    return account


def _phase(name: str | None) -> Any:
    from tierup.program_settings import Phase as Phases

    if name is None:
        return None
    if name not in list(Phases):
        raise usage_error(f"--phase: not a phase (got {name!r}). Allowed: {', '.join(Phases)}.")
    return Phases(name)


def _tier(name: str) -> Any:
    from tierup.program_settings import Tier as Tiers

    if name not in list(Tiers):
        raise usage_error(f"--tier: not a tier (got {name!r}). Allowed: {', '.join(Tiers)}.")
    return Tiers(name)


def _pairs(option: str, given: Sequence[str] | None) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for each in given or ():
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            raise usage_error(f"{option}: not a pair (got {each!r}). Give a name, =, and its value.")
        pairs[name] = value
    return pairs


def _check_names(options: Options, stacks: Sequence[ImportedStack]) -> None:
    names = {"--domain": options.domain, "--api-domain": options.api_domain}
    given = [option for option, value in names.items() if value is not None]
    if given and len(stacks) > 1:
        raise usage_error(
            f"{given[0]}: several stacks cannot share a host name (got {', '.join(each.name for each in stacks)}). "
            "Choose one with --stack, or leave the option out."
        )


def _document(
    application: str,
    stacks: Sequence[ImportedStack],
    files: Mapping[str, str],
    overwritten: Sequence[str],
    *,
    dry_run: bool,
) -> Mapping[str, Any]:
    from tierup.copilot_import.report import Outcome

    return {
        "application": application,
        "written": [] if dry_run else sorted(files),
        "overwritten": [] if dry_run else overwritten,
        "stacks": [
            {
                "name": stack.name,
                "config": stack.config,
                "counts": {outcome.value: stack.count(outcome) for outcome in Outcome},
                "findings": [finding.document() for finding in stack.findings],
                "placeholders": [
                    {"setting": each.setting, "value": each.value, "option": each.option} for each in stack.placeholders
                ],
            }
            for stack in stacks
        ],
    }


def _print_report(stacks: Sequence[ImportedStack]) -> None:
    from tierup.copilot_import.report import Outcome, merged

    findings = merged(stacks)
    for outcome in Outcome:
        of_outcome = [(finding, names) for finding, names in findings if finding.outcome is outcome]
        typer.echo(f"{_TITLES[outcome]} ({len(of_outcome)}):")
        for finding, names in of_outcome:
            only = "" if len(names) == len(stacks) else f" ({', '.join(names)})"
            typer.echo(f"  {finding}{only}")
        typer.echo("")


def _print_files(
    folder: Path, files: Mapping[str, str], overwritten: Sequence[str], stacks: Sequence[ImportedStack]
) -> None:
    for name in sorted(files):
        typer.echo(f"{'Overwrote' if name in overwritten else 'Wrote'} {folder / name}")
    placeholders = {each.setting: each for stack in stacks for each in stack.placeholders}
    if placeholders:
        typer.echo("\nPlaceholders to replace before a deployment to a real account:")
        for each in placeholders.values():
            typer.echo(f"  {each.setting}: {each.value} ({each.option})")
    name = stacks[0].name
    typer.echo("\nNext steps:")
    if not (folder / "Pulumi.yaml").exists():
        typer.echo(
            f"  {folder} has no Pulumi.yaml. Create a project in another folder with `tierup init`, and move the"
        )
        typer.echo("  settings files into it, or run this import there with --force.")
        return
    typer.echo(f"  tierup up --stack {name} --sandbox         # deploys to the sandbox, without an account")
    typer.echo(f"  tierup check --stack {name} --sandbox      # evaluates the policies on a preview")
