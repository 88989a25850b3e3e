"""A site on Netlify: its repository, build, environment variables and custom domain.

Netlify builds each push to the branch. Its GitHub app must have access to a private repository. The DNS record of the
domain is created elsewhere; Netlify issues the certificate once the record points at it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi.dynamic import Resource

from components.dns.host_name import check_host_name
from components.netlify.site_provider import NetlifySiteProvider

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""Names of sites, which are labels of netlify.app (RFC 1035)."""
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class NetlifySiteArgs:
    """Arguments of NetlifySite. The token comes from the environment variable NETLIFY_AUTH_TOKEN of the run."""

    team: str
    """Slug of the team."""
    site_name: str
    """Name of the site, unique in netlify.app."""
    domain: str
    """Host name of the site."""
    repository: str
    """GitHub repository, `owner/name`."""
    branch: str
    """Branch whose pushes are deployed to production."""
    build_command: str = "npm run build"
    """Command that builds the site."""
    publish_directory: str = "dist"
    """Folder with the built files, from the root of the repository."""
    installation_id: int | None = None
    """Id of the installation of Netlify's GitHub app, which private repositories need."""
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Plain environment variables of builds. A bundler writes those that it knows (VITE_…) into public files."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Secret environment variables, which only builds and functions on Netlify can read."""

    def __post_init__(self) -> None:
        check_host_name("domain", self.domain)
        if not NAME.fullmatch(self.site_name):
            raise ValueError(
                f"site_name: not a label of a host name (got {self.site_name!r}). Use up to 63 lower-case letters, "
                "digits and hyphens."
            )
        if not REPOSITORY.fullmatch(self.repository):
            raise ValueError(f"repository: not owner/name (got {self.repository!r}). Give a GitHub repository.")


class _Site(Resource, module="netlify", name="Site"):
    """The resource of the dynamic provider."""

    pulumi_type = "pulumi-python:dynamic/netlify:Site"

    default_domain: Output[str]


class NetlifySite(ComponentResource):
    """A site that Netlify builds and serves."""

    site_id: Output[str]
    """Id of the site."""
    default_domain: Output[str]
    """Host name below netlify.app, the target of a CNAME record."""

    def __init__(self, name: str, args: NetlifySiteArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:netlify:NetlifySite", name, None, opts)
        site = _Site(
            NetlifySiteProvider(),
            f"{name}-site",
            {
                "team": args.team,
                "name": args.site_name,
                "domain": args.domain,
                "repository": args.repository,
                "branch": args.branch,
                "build_command": args.build_command,
                "publish_directory": args.publish_directory,
                "installation_id": str(args.installation_id or ""),
                "environment": dict(args.environment),
                "secrets": Output.secret(dict(args.secrets)),
                "default_domain": None,
            },
            ResourceOptions(parent=self),
        )
        self.site_id = site.id
        self.default_domain = site.default_domain
        self.register_outputs({"site_id": self.site_id, "default_domain": self.default_domain})
