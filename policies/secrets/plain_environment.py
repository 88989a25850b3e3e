"""SEC-004: no secret stands in a function's variables, a build's, or in the script that starts an instance.

Whoever may describe the resource reads them. ECS-001 says the same of tasks.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Parameters,
    Pitfall,
    Resource,
    ResourceRule,
    Severity,
    block,
    items,
)
from ..values import UnknownValue
from .recognition import secret_variable, secrets_in_script

WANTED = "its ARN, from which the program reads it"
Variables = Iterator[tuple[str, str, str]]
"""Path, name and value."""


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    properties = resource.properties
    for path, name, value in VARIABLES.get(resource.type, _none)(properties):
        if kind := secret_variable(name, value):
            yield Finding(f"{path}.{name}", f"{kind}, in plain text (value not shown)", WANTED)
    for path, script in _scripts(resource):
        for name, kind in secrets_in_script(script):
            where = f"{path} ({name})" if name else path
            yield Finding(where, f"{kind}, in plain text (value not shown)", WANTED)


def _none(_properties: Mapping[str, Any]) -> Variables:
    yield from ()


def _mapped(properties: Mapping[str, Any], key: str, path: str) -> Variables:
    variables = block(properties, key)
    unknown: UnknownValue | None = None
    for name in variables:
        try:
            yield path, name, str(variables[name])
        except UnknownValue as answer:  # an ARN that is not there yet; the others are evaluated before it is said
            unknown = answer
    if unknown is not None:
        raise unknown


def _function(properties: Mapping[str, Any]) -> Variables:
    yield from _mapped(block(properties, "environment"), "variables", "environment.variables")


def _build(properties: Mapping[str, Any]) -> Variables:
    for path, variable in items(block(properties, "environment"), "environmentVariables"):
        if variable.get("type") in (None, "PLAINTEXT"):
            yield f"environment.{path}", str(variable.get("name")), str(variable.get("value") or "")


def _app_runner(properties: Mapping[str, Any]) -> Variables:
    source = block(properties, "sourceConfiguration")
    image = block(block(source, "imageRepository"), "imageConfiguration")
    code = block(block(block(source, "codeRepository"), "codeConfiguration"), "codeConfigurationValues")
    for each in (image, code):
        yield from _mapped(each, "runtimeEnvironmentVariables", "sourceConfiguration: runtimeEnvironmentVariables")


def _job(properties: Mapping[str, Any]) -> Variables:
    try:
        container = json.loads(properties.get("containerProperties") or "{}")
    except ValueError:
        raise Indeterminate("containerProperties is not JSON") from None
    for variable in container.get("environment") or ():
        yield "containerProperties.environment", str(variable.get("name")), str(variable.get("value") or "")


VARIABLES: Mapping[str, Callable[[Mapping[str, Any]], Variables]] = {
    "aws:lambda/function:Function": _function,
    "aws:codebuild/project:Project": _build,
    "aws:apprunner/service:Service": _app_runner,
    "aws:batch/jobDefinition:JobDefinition": _job,
}
SCRIPTS: Mapping[str, tuple[str, ...]] = {  # the keys of scripts in base64, and of others
    "aws:ec2/instance:Instance": ("userData", "userDataBase64"),
    "aws:ec2/launchConfiguration:LaunchConfiguration": ("userData", "userDataBase64"),
    "aws:ec2/launchTemplate:LaunchTemplate": ("userData",),
}


def _scripts(resource: Resource) -> Iterator[tuple[str, str]]:
    for key in SCRIPTS.get(resource.type, ()):
        script = resource.properties.get(key)
        if script:
            encoded = key == "userDataBase64" or resource.type == "aws:ec2/launchTemplate:LaunchTemplate"
            yield key, _decoded(key, str(script)) if encoded else str(script)


def _decoded(key: str, script: str) -> str:
    try:
        return base64.b64decode(script).decode()
    except ValueError:
        raise Indeterminate(f"{key} is compressed or no base64") from None


RULE = ResourceRule(
    id="SEC-004",
    name="no-plain-secrets",
    title="No secret stands in plain text in a function's, a build's or an instance's settings.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.HARDCODED_SECRETS,
    severity=Severity.CRITICAL,
    applies_to=(*VARIABLES, *SCRIPTS),
    check=check,
    remediation="Keep the value in Secrets Manager, give its ARN, and let the program read it.",
    example="""aws.lambda_.Function(
    "reports",
    role=role.arn,
    environment={"variables": {"DATABASE_SECRET_ARN": database.arn}},
    # ...
)""",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    read=date(2026, 11, 24),
    unproven="What stands in the code itself.",
)
