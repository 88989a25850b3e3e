"""What every check gets: the plan of the stack, the clients of the clouds, and values that several checks need."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import botocore.exceptions

from tierup.cost.rules import PricedResource
from tierup.preflight.aws_clients import GLOBAL_REGION, AwsClients, error_code, pages
from tierup.preflight.check import CheckNotPossibleError
from tierup.preflight.stack_plan import StackPlan, list_planned_resources
from tierup.program_settings import Settings

_Value = TypeVar("_Value")


class _Once(Generic[_Value]):
    """A value that is computed when it is first needed, by one thread."""

    def __init__(self, compute: Callable[[], _Value]) -> None:
        self._compute = compute
        self._lock = threading.Lock()
        self._values: list[_Value] = []
        self._error: Exception | None = None

    def __call__(self) -> _Value:
        with self._lock:
            if self._error is not None:
                raise self._error
            if not self._values:
                try:
                    self._values.append(self._compute())
                except Exception as error:
                    self._error = error
                    raise
            return self._values[0]


class PreflightContext:
    """What every check gets."""

    name_server: tuple[str, int] | None = None
    """Address and port of the DNS server of the checks; None is the machine's own."""

    def __init__(self, plan: StackPlan, *, allow_file_backend: bool = False) -> None:
        self.plan = plan
        self.allow_file_backend = allow_file_backend
        self.aws = AwsClients(plan.config, plan.region, hidden=plan.secret_keys)
        self.environment: Mapping[str, str] = os.environ
        self.resources: Callable[[], Sequence[PricedResource]] = _Once(lambda: list_planned_resources(plan))
        """Return the resources of the stack's program. Raises CheckNotPossibleError."""
        self.account_id: Callable[[], str] = _Once(self._account_id)
        """Return the id of the account. Raises the error of AWS."""
        self.own_arns: Callable[[], frozenset[str]] = _Once(self._own_arns)
        """Return the ARNs of resources that have the stack's tags. Raises the error of AWS."""

    @property
    def settings(self) -> Settings:
        """The settings of the stack. Raises CheckNotPossibleError if its program is not tierup's."""
        if self.plan.settings is None:
            raise CheckNotPossibleError("The stack has no tierup: settings.")
        return self.plan.settings

    @property
    def region(self) -> str:
        """The region of the stack. Raises CheckNotPossibleError if it is not set."""
        if self.plan.region is None:
            raise CheckNotPossibleError(
                "The stack does not set its region.", f"pulumi config set aws:region REGION --stack {self.plan.stack}"
            )
        return self.plan.region

    @property
    def exists(self) -> bool:
        """Whether resources with the stack's tags exist. Raises the error of AWS."""
        return bool(self.own_arns())

    def _account_id(self) -> str:
        return str(self.aws.client("sts").get_caller_identity()["Account"])

    def _own_arns(self) -> frozenset[str]:
        filters = [{"Key": key, "Values": [value]} for key, value in self.plan.tags.items()]
        found: set[str] = set()
        for region in {self.region, GLOBAL_REGION}:
            client = self.aws.client("resourcegroupstaggingapi", region)
            found.update(
                each["ResourceARN"]
                for each in pages(client, "get_resources", "ResourceTagMappingList", TagFilters=filters)
            )
        return frozenset(found)

    def setting_or_variable(self, key: str, variable: str) -> str | None:
        """Return a provider's setting: from the stack's configuration, else from the environment."""
        if key in self.plan.config and key not in self.plan.secret_keys:
            return self.plan.config[key]
        return self.environment.get(variable) or None


def call_or_none(call: Callable[[], Any], *absent: str) -> Any:
    """Return the answer of AWS, or None if its error code begins with one of `absent`."""
    try:
        return call()
    except botocore.exceptions.ClientError as error:
        if error_code(error).startswith(absent):
            return None
        raise


def input_text(resource: PricedResource, key: str) -> str | None:
    """Return an input of a resource that is a known text, or None."""
    value = cast("Any", resource.inputs.get(key))
    return value if isinstance(value, str) else None
