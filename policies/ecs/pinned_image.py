"""ECS-014: a task definition pins its image by digest or by a version tag, so that a restart runs the same image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers
from .image_reference import has_digest, tag

# A version or build tag contains a digit, a commit tag is hexadecimal. Any other tag (stable, main, prod, alpine) is
# mutable.
VERSION = re.compile(r"\d|^[0-9a-f]{7,40}$")


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in containers(task):
        image = str(container.get("image") or "")
        if has_digest(image):
            continue
        version = tag(image)
        if version is None:
            yield Finding(f"{path}.image", 'no tag, which means "latest"', "a digest or a version tag")
        elif version == "latest" or not VERSION.search(version):
            yield Finding(f"{path}.image", f'the mutable tag "{version}"', "a digest or a version tag")


RULE = ResourceRule(
    id="ECS-014",
    name="task-pinned-image",
    title="A task definition pins its image by digest or version tag.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Reference the image by its digest, or by a tag with the version or commit.",
    example='container = {"name": "api", "image": repository.repository_url.apply(lambda url: f"{url}:1.4.2")}',
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    read=date(2026, 11, 24),
    unproven=(
        "The rule does not see whether someone moves the tag; ECR-002 prevents that for a repository of the stack."
    ),
)
