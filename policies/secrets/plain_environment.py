"""SEC-004: the variables of functions, builds and jobs, and the user data of instances, contain no plain secrets.

Anyone who may describe the resource can read them. ECS-001 evaluates ECS tasks.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from ..inputs import as_list, as_object
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

WANTED = "the ARN of a secret that the program reads"
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
        except UnknownValue as answer:  # for example an ARN at preview; the other variables are evaluated first
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
        container = as_object(json.loads(properties.get("containerProperties") or "{}"), "containerProperties")
    except ValueError:
        raise Indeterminate("containerProperties is not JSON") from None
    path = "containerProperties.environment"
    for index, each in enumerate(as_list(container.get("environment"), path)):
        variable = as_object(each, f"{path}[{index}]")
        yield path, str(variable.get("name")), str(variable.get("value") or "")


VARIABLES: Mapping[str, Callable[[Mapping[str, Any]], Variables]] = {
    "aws:lambda/function:Function": _function,
    "aws:codebuild/project:Project": _build,
    "aws:apprunner/service:Service": _app_runner,
    "aws:batch/jobDefinition:JobDefinition": _job,
}
SCRIPTS: Mapping[str, tuple[str, ...]] = {  # the properties with user data, plain or in base64
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
        raise Indeterminate(f"{key} is not plain text in base64") from None


RULE = ResourceRule(
    id="SEC-004",
    name="no-plain-secrets",
    title="The settings of a function, build, job or instance contain no plain secrets.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.HARDCODED_SECRETS,
    severity=Severity.CRITICAL,
    applies_to=(*VARIABLES, *SCRIPTS),
    check=check,
    remediation="Store the value in Secrets Manager, pass its ARN, and read the value in the program.",
    example="""aws.lambda_.Function(
    "reports",
    role=role.arn,
    environment={"variables": {"DATABASE_SECRET_ARN": database.arn}},
    # ...
)""",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see secrets in the code.",
)
