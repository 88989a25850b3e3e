"""Names and labels of Kubernetes objects, and their limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from pulumi import CustomResource, Output

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names (read 2026-11-28)
MAX_LABEL_LENGTH = 63
_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
# The provider appends "-" and eight hexadecimal digits to a logical name: AssignNameIfAutonamable in
# https://github.com/pulumi/pulumi-kubernetes, provider/pkg/metadata/naming.go (read 2026-11-28)
_SUFFIX_LENGTH = 9


def check_logical_name(name: str, *, reserved: int = 0) -> None:
    """Raise ValueError unless the names of all objects that derive from a logical name are DNS labels.

    `reserved` is the number of characters that a component or a controller appends to it.
    """
    longest = MAX_LABEL_LENGTH - _SUFFIX_LENGTH - reserved
    if not _DNS_LABEL.fullmatch(name) or len(name) > longest:
        raise ValueError(
            f"name: not valid for Kubernetes objects (got {name!r}). Use at most {longest} lower-case letters, digits "
            "and '-', with a letter or digit first and last."
        )


def selector_labels(name: str) -> dict[str, str]:
    """Return the labels that select the pods of a workload. A selector is immutable, so they depend on nothing else."""
    return {"app.kubernetes.io/name": name}


def object_name(metadata: Output[Any]) -> Output[str]:
    """Return the name in the metadata of an object, which the provider sets if the program does not."""
    return metadata.apply(_name)


def custom_object_name(resource: CustomResource) -> Output[str]:
    """Return the name of a custom resource, whose class declares no metadata."""
    return object_name(cast("Any", resource).metadata)


def _name(metadata: Mapping[str, Any]) -> str:
    return str(metadata["name"])
