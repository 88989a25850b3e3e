"""The sources of the Kubernetes tables."""

from __future__ import annotations

from ..behaviour import Source, documented

_READ = "2026-11-28"


def docs(page: str) -> Source:
    """Return a page of the Kubernetes documentation as a source."""
    return documented(f"https://kubernetes.io/docs/{page}", read=_READ)


def validation(path: str) -> Source:
    """Return the validation of an API group in Kubernetes 1.37.2 as a source ("apps/validation/validation.go")."""
    return documented(f"https://github.com/kubernetes/kubernetes, v1.37.2, pkg/apis/{path}", read=_READ)


def provider(path: str) -> Source:
    """Return a file of Pulumi's provider as a source."""
    return documented(
        f"https://github.com/pulumi/pulumi-kubernetes, commit f47bc2d6f199, provider/pkg/{path}", read=_READ
    )


FORCE_NEW = provider("provider/diff.go")
"""The properties whose change replaces an object."""
