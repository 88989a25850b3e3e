"""The site's own error pages as objects of its bucket, from which CloudFront reads them.

Creates one object for each page below `error-pages/`. The deployment of a build deletes only files of its own releases,
so the pages remain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn.error_pages import ErrorPages

_FOLDER = "error-pages"


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteErrorPagesArgs:
    """Arguments of SiteErrorPages."""

    bucket_name: Input[str]
    """Name of the site's bucket."""
    pages: ErrorPages
    """The pages, one or more."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""

    def __post_init__(self) -> None:
        if not self.pages.documents:
            raise ValueError("pages: must not be empty (got none). Give at least one page, or omit the component.")


class SiteErrorPages(ComponentResource):
    """The objects of the error pages."""

    paths: Mapping[int, str]
    """The path of the page of each status code: 404 -> /error-pages/not-found.html."""

    def __init__(self, name: str, args: SiteErrorPagesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SiteErrorPages", name, None, opts)
        for page, html in args.pages.documents.items():
            aws.s3.BucketObjectv2(
                f"{name}-{page}",
                bucket=args.bucket_name,
                key=f"{_FOLDER}/{page}.html",
                content=html,
                content_type="text/html; charset=utf-8",
                cache_control="no-cache",
                tags={**args.tags, "Name": f"{name}-{page}"},
                opts=ResourceOptions(parent=self),
            )
        self.paths = {code: f"/{_FOLDER}/{page}.html" for code, page in args.pages.names_by_status.items()}
        self.register_outputs({})
