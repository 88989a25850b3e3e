"""Adds resources that exist before any stack: what a program names by a literal id, or looks up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import outputs, validation
from .behaviour import Behaviour, Call
from .cloud import Cloud, CloudResource
from .registry import SANDBOX_ACCOUNT, registry
from .schema import UnknownTypeError, canonical, schema

DEFAULT_REGION = "eu-west-1"


def seed(
    cloud: Cloud,
    type: str,
    id: str,
    inputs: Mapping[str, Any],
    *,
    region: str | None = None,
    account: str | None = None,
) -> CloudResource:
    """Add a resource that no stack created and return it. Raises ValueError.

    An ARN sets the region and the account. The name defaults to the last part of the id. Computed outputs are as for a
    new resource; references are not checked, because the sandbox need not contain what the resource refers to.
    """
    token = canonical(type)
    try:
        shape = schema(token)
    except UnknownTypeError as error:
        raise ValueError(f"TYPE: {error} Give a type token such as aws:ec2/vpc:Vpc.") from error
    row = registry().behaviours.get(token)
    arn = id.split(":") if id.startswith("arn:") else []
    values = dict(inputs)
    if row is None:
        named = registry().references.outputs_of(token)
    else:
        named = {row.name.property} if row.name is not None else frozenset[str]()
    for property in named & set(shape.inputs):
        values.setdefault(property, id.rpartition("/")[2].rpartition(":")[2])
    call = Call(
        type=token,
        urn="",
        region=_region(token, row, region or (arn[3] if len(arn) > 4 else "") or DEFAULT_REGION),
        account=account or (arn[4] if len(arn) > 4 else "") or SANDBOX_ACCOUNT,
        inputs=values,
        cloud=cloud,
        seed=id,
        id=id,
    )
    for rejection in validation.plan(call, shape, None):
        if rejection.code != "MissingInput":
            raise ValueError(f"--input {rejection.path}: {rejection.message}")
    if cloud.get(token, id, call.region) is not None:
        raise ValueError(f"ID: the resource already exists (got '{id}'). Delete it with `tierup sandbox rm`.")
    computed = outputs.created(call, shape, row)
    if arn and row is None and "arn" in shape.outputs:
        computed["arn"] = id
    return cloud.add(
        CloudResource(
            type=token, id=id, urn="", region=call.region, account=call.account, inputs=values, outputs=computed,
            secrets=row.secrets if row is not None else frozenset(),
        )
    )  # fmt: skip


def _region(token: str, row: Behaviour | None, region: str) -> str:
    if not token.startswith("aws:") or (row is not None and not row.regional):
        return ""
    return region
