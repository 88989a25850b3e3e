"""`tierup init`: creates a Pulumi project that runs tierup's program, with its own settings and policies."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson

if TYPE_CHECKING:
    from tierup.deployment.errors import CommandError

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_DEFAULTS: Final[Mapping[str, str]] = {
    "region": "eu-west-1",
    "phase": "optimization",
    "tier": "small",
    "domain": "app.example.com",
    "alert_email": "alerts@example.com",
    "atlas_org_id": "0123456789abcdef01234567",
}
_PROMPTS: Final[Mapping[str, str]] = {
    "region": "AWS region",
    "phase": "Phase of the prod stack (mvp, optimization, scale, enterprise)",
    "tier": "Tier of the prod stack (small, medium, large)",
    "domain": "Domain of the prod stack's site; its zone must be in Route 53",
    "alert_email": "E-mail address for alerts",
    "atlas_org_id": "Id of the MongoDB Atlas organization",
}
_DEV_COMMENT: Final = """\
# The development stack: the smallest sizes, and not protected from deletion because of its name.
# For a real account, choose a secrets provider that encrypts with your key before the first `tierup up`:
#   pulumi stack init dev --secrets-provider "awskms://alias/KEY?region={region}"
"""
_PROD_COMMENT: Final = """\
# The production stack. Pulumi refuses to delete or replace its stateful resources until their protection is removed.
# For a real account, choose a secrets provider that encrypts with your key before the first `tierup up`:
#   pulumi stack init prod --secrets-provider "awskms://alias/KEY?region={region}"
"""

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The project's folder; it is created if missing.")]
Name = Annotated[str | None, typer.Option("--name", help="The project's name.", show_default="the folder's name")]
Description = Annotated[str, typer.Option("--description", help="The project's description.")]
Region = Annotated[str | None, typer.Option("--region", help="The AWS region.", show_default=_DEFAULTS["region"])]
ProdPhase = Annotated[
    str | None, typer.Option("--phase", help="The phase of the prod stack.", show_default=_DEFAULTS["phase"])
]
ProdTier = Annotated[
    str | None, typer.Option("--tier", help="The tier of the prod stack.", show_default=_DEFAULTS["tier"])
]
Domain = Annotated[
    str | None,
    typer.Option("--domain", help="The domain of the prod stack's site.", show_default=_DEFAULTS["domain"]),
]
AlertEmail = Annotated[
    str | None,
    typer.Option("--alert-email", help="The e-mail address for alerts.", show_default=_DEFAULTS["alert_email"]),
]
AtlasOrgId = Annotated[
    str | None,
    typer.Option(
        "--atlas-org-id", help="The id of the MongoDB Atlas organization.", show_default=_DEFAULTS["atlas_org_id"]
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Skip the prompts, and use defaults for options left out.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]


def init(
    folder: Folder = Path(),
    name: Name = None,
    description: Description = "The production scaling guide's architecture",
    region: Region = None,
    phase: ProdPhase = None,
    tier: ProdTier = None,
    domain: Domain = None,
    alert_email: AlertEmail = None,
    atlas_org_id: AtlasOrgId = None,
    yes: Yes = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Create a project: a dev and a prod stack, policies and CI. Prompts for options left out."""
    with handle_errors(as_json=as_json):
        folder = folder.absolute()
        given = {
            "region": region,
            "phase": phase,
            "tier": tier,
            "domain": domain,
            "alert_email": alert_email,
            "atlas_org_id": atlas_org_id,
        }
        prompts = _has_terminal() and not (yes or as_json)
        answers = {key: _answer(key, prompts=prompts) if value is None else value for key, value in given.items()}
        name = _checked_name(name or folder.name)
        files = {**_template_files(name, description), **_settings_files(answers)}
        _check_overwrite(folder, files, force=force)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        if as_json:
            print(
                json.dumps(
                    {"project": name, "folder": str(folder), "stacks": ["dev", "prod"], "files": sorted(files)},
                    indent=2,
                )
            )
        else:
            _print_summary(name, folder, files)


def _has_terminal() -> bool:
    return sys.stdin.isatty()


def _answer(key: str, *, prompts: bool) -> str:
    return str(typer.prompt(_PROMPTS[key], default=_DEFAULTS[key])).strip() if prompts else _DEFAULTS[key]


def _checked_name(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise usage_error(
            f"--name: not a valid project name (got {name!r}). Allowed: up to 100 letters, digits, '-', '_' and '.'."
        )
    return name


def _template_files(name: str, description: str) -> Mapping[str, str]:
    import yaml

    from tierup.program_loader import TEMPLATE

    files = {
        file.relative_to(TEMPLATE).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(TEMPLATE.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    project: dict[str, Any] = yaml.safe_load(files["Pulumi.yaml"])
    del project["template"]  # for `pulumi new` alone
    project |= {"name": name, "description": description}
    return {**files, "Pulumi.yaml": yaml.safe_dump(project, sort_keys=False, allow_unicode=True)}


def _settings_files(answers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the settings files of both stacks. Raises CommandError if the program rejects the settings."""
    domain = answers["domain"]
    # Both stacks share the zone above the prod stack's domain; a domain of two labels is a zone itself.
    zone = domain.partition(".")[2] if domain.count(".") > 1 else domain
    shared = {"alertEmail": answers["alert_email"], "atlasOrgId": answers["atlas_org_id"]}
    dev = {"phase": "mvp", "tier": "small", "domain": f"dev.{zone}", **shared}
    prod = {"phase": answers["phase"], "tier": answers["tier"], "domain": domain, "apiDomain": f"api.{zone}", **shared}
    return {
        "Pulumi.dev.yaml": _settings_file("dev", _DEV_COMMENT, answers["region"], dev),
        "Pulumi.prod.yaml": _settings_file("prod", _PROD_COMMENT, answers["region"], prod),
    }


def _settings_file(stack: str, comment: str, region: str, settings: Mapping[str, str]) -> str:
    import yaml

    from tierup.program_settings import NAMESPACE, RejectedSettingsError, parse_settings

    config = {"aws:region": region, **{f"{NAMESPACE}:{key}": value for key, value in settings.items()}}
    try:
        parse_settings(config, stack)
    except RejectedSettingsError as error:
        raise usage_error(str(error)) from error
    return comment.format(region=region) + yaml.safe_dump({"config": config}, sort_keys=False)


def _check_overwrite(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    existing = [path for path in sorted(files) if (folder / path).exists()]
    if existing and not force:
        raise _existing_error(folder, existing)


def _existing_error(folder: Path, existing: list[str]) -> CommandError:
    return usage_error(
        f"FOLDER: files exist already (got {folder}: {', '.join(existing)}). Give another folder, or add --force to "
        "overwrite them."
    )


def _print_summary(name: str, folder: Path, files: Mapping[str, str]) -> None:
    typer.echo(f"Created project '{name}' in {folder}:")
    for path in sorted(files):
        typer.echo(f"  {path}")
    change = "" if folder == Path.cwd() else f"cd {folder} && "
    typer.echo("\nNext steps:")
    typer.echo(f"  {change}tierup up --stack dev --sandbox    # deploys to the sandbox, without an account")
    typer.echo("  tierup cost                            # shows the fixed monthly cost of each phase and tier")
    typer.echo("  tierup check --stack prod --sandbox    # evaluates the policies on a preview of prod")
