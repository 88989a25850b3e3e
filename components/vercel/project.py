"""A Vercel project: its repository, build, environment variables and custom domain.

Vercel builds each push to the production branch. Its GitHub app must have access to the repository. The DNS record of
the domain is created elsewhere; Vercel issues the certificate once the record points at it.

The limits are those of terraform-provider-vercel at c8a6711, vercel/resource_project.go and
resource_project_environment_variable.go (read 2026-11-28).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumiverse_vercel as vercel
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name

NAME = re.compile(r"[a-z0-9-]{1,52}")
TARGETS = ("production", "preview")
"""The environments of the variables. Variables of `development` could not be sensitive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VercelProjectArgs:
    """Arguments of VercelProject. The token comes from VERCEL_API_TOKEN or `vercel:apiToken`."""

    project_name: str
    """Name of the project, unique in its team: up to 52 lower-case letters, digits and hyphens."""
    domain: str
    """Host name of the site."""
    repository: str
    """GitHub repository, `owner/name`."""
    branch: str
    """Branch whose pushes are deployed to production."""
    region: str
    """Region of functions, such as dub1. Static files are served from all regions."""
    team_id: str | None = None
    """Id or slug of the team; None is the personal account."""
    root_directory: str | None = None
    """Folder of the repository with the frontend; None is its root."""
    build_command: str = "npm run build"
    """Command that builds the site."""
    output_directory: str = "dist"
    """Folder with the built files, from the root directory."""
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Plain environment variables. A bundler writes those that it knows (VITE_…) into public files."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Sensitive environment variables, which nobody can read once they are set."""

    def __post_init__(self) -> None:
        check_host_name("domain", self.domain)
        if not NAME.fullmatch(self.project_name):
            raise ValueError(
                f"project_name: not accepted by Vercel (got {self.project_name!r}). Use up to 52 lower-case letters, "
                "digits and hyphens."
            )
        if self.repository.count("/") != 1:
            raise ValueError(f"repository: not owner/name (got {self.repository!r}). Give a GitHub repository.")
        both = sorted(self.environment.keys() & self.secrets.keys())
        if both:
            raise ValueError(f"environment, secrets: a name is in both (got {', '.join(both)}). Give each name once.")


class VercelProject(ComponentResource):
    """A project that Vercel builds and serves."""

    project_id: Output[str]
    """Id of the project."""

    def __init__(self, name: str, args: VercelProjectArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:vercel:VercelProject", name, None, opts)
        child = ResourceOptions(parent=self)
        project = vercel.Project(
            f"{name}-project",
            name=args.project_name,
            team_id=args.team_id,
            framework="vite",
            git_repository={"type": "github", "repo": args.repository, "production_branch": args.branch},
            root_directory=args.root_directory,
            build_command=args.build_command,
            output_directory=args.output_directory,
            serverless_function_region=args.region,
            opts=child,
        )
        values = {**args.environment, **args.secrets}
        for key in sorted(values):
            sensitive = key in args.secrets
            vercel.ProjectEnvironmentVariable(
                f"{name}-variable-{key.lower().replace('_', '-')}",
                project_id=project.id,
                team_id=args.team_id,
                key=key,
                value=Output.secret(values[key]) if sensitive else values[key],
                sensitive=sensitive,
                targets=list(TARGETS),
                opts=child,
            )
        vercel.ProjectDomain(
            f"{name}-domain", project_id=project.id, team_id=args.team_id, domain=args.domain, opts=child
        )
        self.project_id = project.id
        self.register_outputs({"project_id": self.project_id})
