"""Where the Cloudflare tables have their facts from, each under a short name."""

from __future__ import annotations

from ..behaviour import Source, assumed, documented

_READ = "2026-11-24"


def sdk(page: str) -> Source:
    """The docstrings of one resource in the installed SDK, which the registry prints as its page ("zone")."""
    return documented(
        f"https://www.pulumi.com/registry/packages/cloudflare/api-docs/{page}/"
        " as docstrings of pulumi-cloudflare 6.23.1",
        read=_READ,
    )


def provider(path: str) -> Source:
    """The Terraform provider's own code, near (not exactly at) the bridged version ("zone")."""
    return documented(
        f"https://github.com/cloudflare/terraform-provider-cloudflare/tree/main/internal/services/{path}", read=_READ
    )


REPLACED = assumed(
    "RequiresReplace in the provider's schema as we know it; at hand was an early 5.x or none; file to check:"
    " https://github.com/cloudflare/terraform-provider-cloudflare, internal/services/<resource>/schema.go"
)
ERRORS = assumed("Cloudflare's error codes as its API answers; they are in no one document")
