"""Where the Atlas tables have their facts from, each under a short name."""

from __future__ import annotations

from ..behaviour import Source, assumed, documented

_READ = "2026-11-24"


def sdk(page: str) -> Source:
    """The docstrings of one resource in the installed SDK, which the registry prints as its page ("project")."""
    return documented(
        f"https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/{page}/"
        " as docstrings of pulumi-mongodbatlas 4.18.0",
        read=_READ,
    )


def provider(path: str) -> Source:
    """The Terraform provider's own code, near (not exactly at) the bridged version ("internal/service/project")."""
    return documented(f"https://github.com/mongodb/terraform-provider-mongodbatlas/tree/master/{path}", read=_READ)


FORCE_NEW = assumed(
    "ForceNew in the provider's schema as we know it, not read; file to check:"
    " https://github.com/mongodb/terraform-provider-mongodbatlas, internal/service/<resource>"
)
ERRORS = assumed("Atlas's error code as its API answers; only a few codes are in its documents")
