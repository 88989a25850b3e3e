"""The sources of the Atlas tables."""

from __future__ import annotations

from ..behaviour import Source, assumed, documented

_READ = "2026-11-24"


def sdk(page: str) -> Source:
    """Return the docstrings of a resource in the installed SDK as a source; `page` is its registry page ("project")."""
    return documented(
        f"https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/{page}/"
        " as docstrings of pulumi-mongodbatlas 4.18.0",
        read=_READ,
    )


def provider(path: str) -> Source:
    """Return a file of the Terraform provider, close to the bridged version, as a source."""
    return documented(f"https://github.com/mongodb/terraform-provider-mongodbatlas/tree/master/{path}", read=_READ)


API = documented(
    "the OpenAPI description of the Atlas Administration API, as cited in api_limits.py", read="2026-11-28"
)
FORCE_NEW = documented(
    "ForceNew and RequiresReplace in the schema of each type:"
    " https://github.com/mongodb/terraform-provider-mongodbatlas, internal/service/<resource>",
    read="2026-11-28",
)
MEASURED = documented(
    "https://github.com/mongodb/terraform-provider-mongodbatlas, whose plans were compared with the sandbox's for 168"
    " changes",
    read="2026-11-27",
)
ERRORS = assumed("Atlas's error code as its API returns it; its documents list only a few codes")
