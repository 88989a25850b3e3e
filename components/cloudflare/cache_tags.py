"""Cloudflare's cache response rules that tag the site's files, for purges by tag.

Creates the zone's ruleset of the phase http_response_cache_settings, which every plan has:
https://developers.cloudflare.com/cache/how-to/cache-response-rules/ (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn.cache_tags import check_cache_tags
from components.cloudflare.rulesets import for_host


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareCacheTagsArgs:
    """Arguments of CloudflareCacheTags."""

    zone_id: Input[str]
    """Id of the site's zone."""
    hosts: Sequence[str]
    """Host names of the site in lower case."""
    tags: Mapping[str, Sequence[str]]
    """Path pattern -> the tags that its files get, one or more patterns. A file has the tags of all that match."""

    def __post_init__(self) -> None:
        if not self.tags:
            raise ValueError("tags: must not be empty (got none). Give at least one pattern, or omit the component.")
        check_cache_tags("tags", self.tags)


class CloudflareCacheTags(ComponentResource):
    """The zone's cache response rules."""

    def __init__(self, name: str, args: CloudflareCacheTagsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareCacheTags", name, None, opts)
        cloudflare.Ruleset(
            f"{name}-rules",
            zone_id=args.zone_id,
            kind="zone",
            phase="http_response_cache_settings",
            name="Cache tags of tierup",
            rules=[
                {
                    "ref": f"tags-{number}",
                    "description": f"Cache tags of {pattern}",
                    "expression": for_host(args.hosts, f'http.request.uri.path strict wildcard r"{pattern}"'),
                    "action": "set_cache_tags",
                    "action_parameters": {"operation": "add", "values": list(tags)},
                    "enabled": True,
                }
                for number, (pattern, tags) in enumerate(args.tags.items(), start=1)
            ],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
