"""Readers of the IAM and bucket policies in a recording."""

from __future__ import annotations

import json
from typing import Any, cast

from tests.engine_recorder import Recorded, Recording

_DOCUMENTS = ("policy", "assumeRolePolicy")


def statements(resource: Recorded, document: str = "policy") -> list[dict[str, Any]]:
    """Return the statements of a resource's policy document."""
    return cast("list[dict[str, Any]]", json.loads(resource.inputs[document])["Statement"])


def allowed_actions(recording: Recording[Any]) -> set[str]:
    """Return every action that any policy of the recording allows. Raises AssertionError if there is no policy."""
    allowed = [
        statement["Action"]
        for resource in recording.resources
        for document in _DOCUMENTS
        if document in resource.inputs and "Statement" in resource.inputs[document]
        for statement in statements(resource, document)
        if statement["Effect"] == "Allow"
    ]
    assert allowed, "no policy document was recorded"
    return {action for given in allowed for action in ([given] if isinstance(given, str) else given)}
