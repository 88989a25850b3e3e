"""The sources of the Cloudflare tables."""

from __future__ import annotations

from ..behaviour import Source, assumed, documented

_READ = "2026-11-24"


def sdk(page: str) -> Source:
    """Return the docstrings of a resource in the installed SDK as a source; `page` is its registry page ("zone")."""
    return documented(
        f"https://www.pulumi.com/registry/packages/cloudflare/api-docs/{page}/"
        " as docstrings of pulumi-cloudflare 6.23.1",
        read=_READ,
    )


def provider(path: str) -> Source:
    """Return a file of the Terraform provider, close to the bridged version, as a source."""
    return documented(
        f"https://github.com/cloudflare/terraform-provider-cloudflare/tree/main/internal/services/{path}", read=_READ
    )


REPLACED = documented(
    "RequiresReplace in the schema of each type in version 5.22:"
    " https://github.com/cloudflare/terraform-provider-cloudflare, internal/services/<resource>/schema.go",
    read="2026-11-28",
)
ERRORS = assumed("Cloudflare's error codes as its API returns them; no single document lists them")
