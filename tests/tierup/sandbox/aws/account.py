"""An AWS account in memory that runs the sandbox's validation without a server or engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tierup.sandbox import outputs, validation
from tierup.sandbox.behaviour import Behaviour, Call, Rejection
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.diff import changes
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import schema

ROWS = registry().behaviours
INDEX = registry().references


def _row(type: str) -> Behaviour:
    """Return the row of a type, or its partial row."""
    row = registry().rules(type)
    assert row is not None, f"no row for {type}"
    return row


class RejectedError(AssertionError):
    """The sandbox rejected a resource that the test wanted to create."""


class Account:
    """One account and region: `make` creates resources, `codes` and `rejections` validate further ones."""

    def __init__(self, region: str = "eu-west-1", cloud: Cloud | None = None) -> None:
        self.region = region
        self.cloud = cloud or Cloud()

    def _call(self, type: str, name: str, inputs: dict[str, Any]) -> Call:
        row, given = _row(type), dict(inputs)
        named = row.name is None or row.name.property in given or f"{row.name.property}Prefix" in given
        if row.name is not None and row.name.automatic and not named:
            given[row.name.property] = outputs.automatic_name(name, row.name, b"seed")
        urn = f"urn:pulumi:test::tierup::{type}::{name}"
        region = self.region if row.regional else ""
        return Call(type, urn, region, "123456789012", given, self.cloud, seed=f"{region}/{name}")

    def rejections(self, type: str, name: str = "it", /, **inputs: Any) -> list[Rejection]:
        """Return the rejections of a create: those of the plan, or if there are none, those of the API call."""
        call = self._call(type, name, inputs)
        planned = list(validation.plan(call, schema(type), _row(type)))
        return planned or list(validation.create(call, _row(type), INDEX))

    def codes(self, type: str, name: str = "it", /, **inputs: Any) -> set[str]:
        """Return the error codes of `rejections`."""
        return {rejection.code for rejection in self.rejections(type, name, **inputs)}

    def planned(self, type: str, name: str = "it", /, **inputs: Any) -> list[Rejection]:
        """Return the rejections of a preview; inputs may be UNKNOWN."""
        return list(validation.plan(self._call(type, name, inputs), schema(type), _row(type)))

    def make(self, type: str, name: str = "it", /, **inputs: Any) -> CloudResource:
        """Create a resource, or raise RejectedError. Fails if the row has an output that the SDK does not have."""
        if rejected := self.rejections(type, name, **inputs):
            raise RejectedError(rejected)
        call = self._call(type, name, inputs)
        call.id = outputs.resource_id(call, _row(type))
        made_outputs = outputs.created(call, schema(type), _row(type))
        assert set(made_outputs) <= set(schema(type).outputs) | set(schema(type).inputs), "no such output"
        made = CloudResource(type, call.id, call.urn, call.region, call.account, call.inputs, made_outputs)
        overwrites = _row(type).overwrites
        existing = self.cloud.get(type, call.id, call.region)
        if existing is None or overwrites is None or not overwrites(call, existing):
            return self.cloud.add(made)
        made = replace(made, key=existing.key, created=existing.created)
        self.cloud.change(made)
        return made

    def add_existing(self, type: str, id: str, /, **outputs: Any) -> CloudResource:
        """Add a resource to the cloud without validation."""
        urn = f"urn:pulumi:test::tierup::{type}::{id}"
        return self.cloud.add(CloudResource(type, id, urn, self.region, "123456789012", outputs, outputs))

    def _changed(self, resource: CloudResource, inputs: dict[str, Any]) -> Call:
        call = self._call(resource.type, resource.name, {**resource.inputs, **inputs})
        call.inputs = {name: value for name, value in call.inputs.items() if value is not None}
        call.old, call.this, call.id = resource.inputs, resource, resource.id
        return call

    def change_codes(self, resource: CloudResource, /, **inputs: Any) -> set[str]:
        """Return the error codes of an update; None removes an input."""
        call = self._changed(resource, inputs)
        rejected = list(validation.plan(call, schema(resource.type), _row(resource.type)))
        rejected = rejected or list(validation.diff(call, _row(resource.type)))
        rejected = rejected or list(validation.update(call, _row(resource.type), INDEX))
        return {rejection.code for rejection in rejected}

    def change(self, resource: CloudResource, /, **inputs: Any) -> CloudResource:
        """Update a resource in place."""
        assert not self.change_codes(resource, **inputs)
        call = self._changed(resource, inputs)
        made_outputs = outputs.updated(call, schema(resource.type), _row(resource.type), preview=False)
        after = replace(resource, inputs=call.inputs, outputs=made_outputs)
        self.cloud.change(after)
        return after

    def replaced_by(self, resource: CloudResource, /, **inputs: Any) -> set[str]:
        """Return the changed inputs that replace the resource; empty for an update in place."""
        call = self._changed(resource, inputs)
        return {change.path for change in changes(call, _row(resource.type)) if change.replaces}

    def delete_codes(self, resource: CloudResource) -> set[str]:
        """Return the error codes of a delete; empty if it is allowed."""
        call = self._changed(resource, {})
        return {rejection.code for rejection in validation.delete(call, _row(resource.type), INDEX)}
