"""Small programs of a few steps that run on the AWS provider of the sandbox, without an engine.

A step creates, updates or deletes one resource. "${vpc}" in its inputs is the id of an earlier resource, "${vpc.arn}"
one of its outputs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.aws.service_references import token
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.wire import plain, struct

from ...provider_calls import Context, urn

Step = tuple[Any, ...]
"""(variable, kind, inputs) or (variable, kind, inputs, region), ("update", variable, inputs), ("delete", variable)."""
Program = tuple[Step, ...]
_VARIABLE = re.compile(r"\$\{([\w.\[\]]+)\}")


class RefusedError(Exception):
    """The provider or the cloud refused a step."""


@dataclass(slots=True)
class _Made:
    type: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    region: str


@dataclass(slots=True)
class Run:
    """One account, in which `run` performs the steps of a program."""

    cloud: Cloud = field(default_factory=Cloud)
    context: Any = field(default_factory=Context)
    made: dict[str, _Made] = field(default_factory=dict[str, _Made])

    def run(self, program: Program) -> tuple[int, str]:
        """Return how many steps succeeded, and the reason why the next one was refused, or ""."""
        for number, step in enumerate(program):
            try:
                self._perform(step)
            except RefusedError as error:
                return number, str(error)
        return len(program), ""

    def _perform(self, step: Step) -> None:
        if step[0] == "delete":
            self._delete(self.made[step[1]])
        elif step[0] == "update":
            self._update(self.made[step[1]], step[1], step[2])
        else:
            variable, kind, inputs = step[:3]
            self._create(variable, token(kind), inputs, step[3] if len(step) > 3 else "eu-west-1")

    def _provider(self, region: str) -> Provider:
        provider = Provider("aws", self.cloud, registry())
        provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": region})), self.context)
        return provider

    def _checked(self, provider: Provider, type: str, variable: str, inputs: Mapping[str, Any], olds: Any) -> Any:
        given = {name: value for name, value in inputs.items() if value is not None}
        request = provider_pb2.CheckRequest(
            urn=urn(type, f"a-{variable}"), news=struct(given), olds=struct(olds), randomSeed=variable.encode()
        )
        checked = provider.Check(request, self.context)
        if checked.failures:
            raise RefusedError("; ".join(failure.reason for failure in checked.failures))
        return checked.inputs

    def _create(self, variable: str, type: str, inputs: Mapping[str, Any], region: str) -> None:
        provider = self._provider(region)
        checked = self._checked(provider, type, variable, self._filled(inputs), {})
        try:
            request = provider_pb2.CreateRequest(urn=urn(type, f"a-{variable}"), properties=checked)
            answer: Any = provider.Create(request, self.context)
        except RuntimeError as error:
            raise RefusedError(str(error)) from error
        outputs = plain(answer.properties)[0]
        self.made[variable] = _Made(type, answer.id, plain(checked)[0], outputs, region)

    def _update(self, made: _Made, variable: str, inputs: Mapping[str, Any]) -> None:
        provider = self._provider(made.region)
        news = self._checked(provider, made.type, variable, {**made.inputs, **self._filled(inputs)}, made.inputs)
        common: dict[str, Any] = {"id": made.id, "urn": urn(made.type, f"a-{variable}"), "news": news}
        olds: dict[str, Any] = {"old_inputs": struct(made.inputs), "olds": struct(made.outputs)}
        try:
            provider.Diff(provider_pb2.DiffRequest(**common, **olds), self.context)
            provider.Update(provider_pb2.UpdateRequest(**common, **olds), self.context)
        except RuntimeError as error:
            raise RefusedError(str(error)) from error

    def _delete(self, made: _Made) -> None:
        request = provider_pb2.DeleteRequest(
            id=made.id, urn=urn(made.type, "a"), properties=struct(made.outputs), old_inputs=struct(made.inputs)
        )
        try:
            self._provider(made.region).Delete(request, self.context)
        except RuntimeError as error:
            raise RefusedError(str(error)) from error

    def _filled(self, value: Any) -> Any:
        """Return inputs with the values of their variables."""
        if isinstance(value, str):
            whole = _VARIABLE.fullmatch(value)
            return self._value(whole[1]) if whole else _VARIABLE.sub(lambda found: str(self._value(found[1])), value)
        if isinstance(value, dict):
            return {name: self._filled(inner) for name, inner in value.items()}
        return [self._filled(each) for each in value] if isinstance(value, (list, tuple)) else value

    def _value(self, path: str) -> Any:
        variable, _, rest = path.partition(".")
        found: Any = self.made[variable].outputs if rest else self.made[variable].id
        for part in re.findall(r"[^.\[\]]+", rest):
            found = found[int(part)] if isinstance(found, list) else found[part]
        return found
