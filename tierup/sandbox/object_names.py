"""Names objects of Kubernetes as Pulumi's provider does: in their metadata, with an annotation for automatic names.

Source: AssignNameIfAutonamable and AdoptOldAutonameIfUnnamed in https://github.com/pulumi/pulumi-kubernetes,
provider/pkg/metadata/naming.go, and NewUniqueName in https://github.com/pulumi/pulumi,
sdk/go/common/resource/resource_id.go (read 2026-11-28)
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2

from .behaviour import Rejection

_ANNOTATION = "pulumi.com/autonamed"
_DIGITS = 8


def set_object_name(request: Any) -> Rejection | None:
    """Set the name and the annotation in `request.news` if the program gives no name. Return why that fails."""
    if request.news.fields["metadata"].WhichOneof("kind") not in (None, "null_value", "struct_value"):
        return None  # not known yet
    metadata = request.news.fields["metadata"].struct_value
    if any(each in metadata.fields for each in ("name", "generateName")):
        return None
    before = request.olds.fields["metadata"].struct_value if "metadata" in request.olds.fields else None
    if before is not None and is_automatic(before) and before.fields["name"].string_value:
        _name(metadata, before.fields["name"].string_value)
        return None
    autonaming = request.autonaming if request.HasField("autonaming") else None
    if autonaming is not None and autonaming.mode == provider_pb2.CheckRequest.AutonamingOptions.DISABLE:
        return Rejection("metadata.name", "autonaming is disabled. Set metadata.name.")
    if autonaming is not None and autonaming.proposed_name:
        _name(metadata, autonaming.proposed_name)
        return None
    logical = request.urn.rpartition("::")[2]
    seed = request.randomSeed or secrets.token_bytes(32)
    _name(metadata, f"{logical}-{hashlib.sha256(seed + logical.encode()).hexdigest()[:_DIGITS]}")
    return None


def is_automatic(metadata: struct_pb2.Struct) -> bool:
    """Return whether the provider chose the name of an object."""
    annotations = metadata.fields["annotations"].struct_value if "annotations" in metadata.fields else None
    return annotations is not None and annotations.fields[_ANNOTATION].string_value == "true"


def keeps_chosen_name(request: Any) -> bool:
    """Return whether a replacement deletes first: it has the name and namespace of the old object, by choice."""
    before, after = (
        each.fields["metadata"].struct_value if "metadata" in each.fields else struct_pb2.Struct()
        for each in (request.old_inputs, request.news)
    )
    same = all(before.fields[key].string_value == after.fields[key].string_value for key in ("name", "namespace"))
    return same and bool(after.fields["name"].string_value) and not is_automatic(after)


def _name(metadata: struct_pb2.Struct, name: str) -> None:
    metadata.fields["name"].string_value = name
    metadata.fields["annotations"].struct_value.fields[_ANNOTATION].string_value = "true"
