"""ECS-014: a task definition says which image it means, today and after a restart: by digest or by a version's tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers
from .images import has_digest, tag

# A version or a build has a digit in it, a commit is hexadecimal. What has neither (stable, main, prod, alpine) names
# something that moves.
VERSION = re.compile(r"\d|^[0-9a-f]{7,40}$")


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in containers(task):
        image = str(container.get("image") or "")
        if has_digest(image):
            continue
        version = tag(image)
        if version is None:
            yield Finding(f"{path}.image", 'no tag, which means "latest"', "a digest or the tag of one version")
        elif version == "latest" or not VERSION.search(version):
            yield Finding(f"{path}.image", f'the tag "{version}", which moves', "a digest or the tag of one version")


RULE = ResourceRule(
    id="ECS-014",
    name="task-pinned-image",
    title="A task definition names one version of its image.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Name the image by its digest, or by a tag that says the version or the commit.",
    example='container = {"name": "api", "image": repository.repository_url.apply(lambda url: f"{url}:1.4.2")}',
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    read=date(2026, 11, 24),
    unproven="That nobody moves the tag: ECR-002 sees to it for a repository of the stack.",
)
