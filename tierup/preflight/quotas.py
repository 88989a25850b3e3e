"""The quotas of the account against what the stack needs at its largest, beside what others use."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

import botocore.exceptions

from tierup.preflight.aws_clients import GLOBAL_REGION, error_code, pages, permission_hint, sentence
from tierup.preflight.check import (
    CheckNotPossibleError,
    PreflightCheck,
    PreflightFinding,
    failed,
    passed,
    unknown,
    warned,
)
from tierup.preflight.context import PreflightContext
from tierup.preflight.quota_table import QUOTAS, QuotaRow

_NO_SERVICE: Final = ("NoSuchResource",)


def _quotas(context: PreflightContext) -> Iterator[PreflightFinding]:
    resources = context.resources()
    values = _QuotaValues(context)
    problems = checked = 0
    for row in QUOTAS:
        largest = (row.largest or row.need)(resources)
        for region, peak in largest.items():
            if not peak:
                continue
            finding = _compare(context, row, region or context.region, row.need(resources).get(region, 0), peak, values)
            checked += 1
            if finding is not None:
                problems += 1
                yield finding
    for reason in values.reasons:
        yield unknown(
            f"The quotas of the account could not be read, so the defaults of a new account are assumed. {reason}",
            "Allow servicequotas:ListServiceQuotas and servicequotas:ListAWSDefaultServiceQuotas.",
        )
    if not problems:
        yield passed(f"All {checked} quotas that the stack uses are sufficient at its largest.")


def _compare(
    context: PreflightContext, row: QuotaRow, region: str, need: float, peak: float, values: _QuotaValues
) -> PreflightFinding | None:
    """Return a finding if the quota is not sufficient, or its use could not be read."""
    place = GLOBAL_REGION if row.is_global else region
    value = values.of(row, place)
    try:
        used = row.used(context, place) if row.used else 0
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError, CheckNotPossibleError) as error:
        if peak > value:
            used = 0.0  # not sufficient even without what others use
        else:
            return unknown(f"{row.title}: what others use could not be read. {sentence(error)}", permission_hint(error))
    if used + peak <= value:
        return None
    wanted = math.ceil(used + peak)
    command = "Delete what is not used any more, or use another account."
    if row.code:
        command = (
            f"aws service-quotas request-service-quota-increase --service-code {row.service} --quota-code {row.code} "
            f"--desired-value {wanted} --region {place}"
        )
    others = f" beside {used:g} in use" if used else ""
    where = "" if row.is_global else f" in {region}"
    if peak > need and used + need <= value:
        return warned(
            f"{row.title}: the quota{where} is {value:g}. The stack needs {need:g}{others}, and {peak:g} at its "
            "largest.",
            command,
        )
    return failed(f"{row.title}: the quota{where} is {value:g}, and the stack needs {peak:g}{others}.", command)


class _QuotaValues:
    """The values of the account, read once for each service and region: applied, else default, else the table's."""

    def __init__(self, context: PreflightContext) -> None:
        self._context = context
        self._read: dict[tuple[str, str], Mapping[str, float]] = {}
        self.reasons: list[str] = []
        """Why values could not be read: each reason once."""

    def of(self, row: QuotaRow, region: str) -> float:
        """Return the value of a quota."""
        if not row.code:
            return row.default
        key = (row.service, region)
        if key not in self._read:
            self._read[key] = self._list(row.service, region)
        return self._read[key].get(row.code, row.default)

    def _list(self, service: str, region: str) -> Mapping[str, float]:
        client = self._context.aws.client("service-quotas", region)
        values: dict[str, float] = {}
        # A value that was never adjusted may be missing among the applied ones.
        for operation in ("list_aws_default_service_quotas", "list_service_quotas"):
            try:
                for each in pages(client, operation, "Quotas", ServiceCode=service):
                    values[str(each["QuotaCode"])] = float(each["Value"])
            except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
                if isinstance(error, botocore.exceptions.ClientError) and error_code(error).startswith(_NO_SERVICE):
                    continue
                if (reason := sentence(error)) not in self.reasons:
                    self.reasons.append(reason)
        return values


CHECKS: Final = (
    PreflightCheck(
        name="quotas",
        area="AWS",
        description="Each quota is sufficient for the stack at its largest, beside what others use in the account.",
        run=_quotas,
        needs_aws=True,
        timeout_seconds=180,
    ),
)
