"""A Sentry project with its team and its client key, whose DSN the application reports errors to.

Creates a team, a project and a key. The key's rate limit protects the quota of the organization from a flood of errors.
The DSN allows writes to the project, so it is a secret output; the caller stores it in Secrets Manager.

Checklist: error tracking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi import Output, ResourceOptions

from components.optional_sdk import optional_sdk
from components.sentry.slugs import check_slug

if TYPE_CHECKING:
    import pulumiverse_sentry as sentry
else:
    sentry = optional_sdk("pulumiverse_sentry", "sentry")


@dataclass(frozen=True, kw_only=True, slots=True)
class SentryErrorTrackingArgs:
    """Arguments of SentryErrorTracking."""

    organization: str
    """Slug of the organization, which exists already."""
    slug: str
    """Slug of the team and the project, unique in the organization."""
    platform: str = "node-express"
    """Platform of the project, which decides on Sentry's instructions."""
    events_per_minute: int | None = 600
    """Greatest number of events that Sentry accepts in a minute; None is no limit."""

    def __post_init__(self) -> None:
        check_slug("organization", self.organization)
        check_slug("slug", self.slug)
        if self.events_per_minute is not None and self.events_per_minute < 1:
            raise ValueError(
                f"events_per_minute: must be positive (got {self.events_per_minute}). Give 1 or more, or None for no "
                "limit."
            )


class SentryErrorTracking(pulumi.ComponentResource):
    """A project that receives errors."""

    project: Output[str]
    """Slug of the project."""
    team_id: Output[str]
    """Internal id of the team, which alerts notify."""
    dsn: Output[str]
    """DSN of the key; secret."""

    def __init__(self, name: str, args: SentryErrorTrackingArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:sentry:SentryErrorTracking", name, None, opts)
        child = ResourceOptions(parent=self)
        team = sentry.SentryTeam(
            f"{name}-team", organization=args.organization, name=args.slug, slug=args.slug, opts=child
        )
        project = sentry.SentryProject(
            f"{name}-project",
            organization=args.organization,
            teams=[team.slug],
            name=args.slug,
            slug=args.slug,
            platform=args.platform,
            opts=child,
        )
        key = sentry.SentryKey(
            f"{name}-key",
            organization=args.organization,
            project=project.slug,
            name=args.slug,
            rate_limit_count=args.events_per_minute,
            rate_limit_window=None if args.events_per_minute is None else 60,
            # The provider marks only the old DSN with a secret part as secret.
            opts=ResourceOptions.merge(
                child, ResourceOptions(additional_secret_outputs=["dsnPublic", "dsnCsp", "public"])
            ),
        )
        self.project = project.slug
        self.team_id = team.internal_id
        self.dsn = Output.secret(key.dsn_public)
        self.register_outputs({"project": self.project, "team_id": self.team_id})
