"""Systems Manager: names and keys of parameters, maintenance windows and documents."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, located, rule
from .kms import key_exists
from .same_scope import known, others_in_region
from .sources import sdk, unread

PARAMETER = "aws:ssm/parameter:Parameter"
_NAMES = assumed(
    "from memory; to check: "
    "AWS API model of ssm (botocore 1.43), PutParameter: Name and Overwrite, HierarchyLevelLimitExceededException"
)


@rule("parameter-name-is-a-path", Stage.PLAN, source=_NAMES)
def _name(call: Call) -> Iterator[Rejection]:
    name = known(call, "name")
    if not isinstance(name, str) or name.startswith("arn:"):
        return
    if "/" in name and not name.startswith("/"):
        yield Rejection(
            "name", f"Parameter name must be a fully qualified name (got '{name}'). Begin it with '/'.",
            "ValidationException",
        )  # fmt: skip
    if name.strip("/").count("/") >= 15:
        yield Rejection(
            "name", "Parameter name has more than 15 levels in its hierarchy.", "HierarchyLevelLimitExceededException"
        )


@rule("parameter-is-new", Stage.CREATE, source=_NAMES)
def _is_new(call: Call) -> Iterator[Rejection]:
    if call.get("overwrite") is True:
        return
    for other in others_in_region(call, PARAMETER, name=call.get("name")):
        yield Rejection(
            "name", f"The parameter already exists: '{other.name}'. Set overwrite to change it.",
            "ParameterAlreadyExists",
        )  # fmt: skip


@rule(
    "cutoff-before-end-of-window",
    Stage.PLAN,
    source=unread("ssm", "CreateMaintenanceWindow: Duration, Cutoff"),
)
def _cutoff(call: Call) -> Iterator[Rejection]:
    duration, cutoff = known(call, "duration"), known(call, "cutoff")
    if isinstance(duration, (int, float)) and isinstance(cutoff, (int, float)) and cutoff >= duration:
        yield Rejection(
            "cutoff", f"The cutoff must be less than the duration (got {cutoff:g}, {duration:g} hours).",
            "ValidationException",
        )  # fmt: skip


@rule("document-content", Stage.PLAN, source=unread("ssm", "CreateDocument: InvalidDocumentContent"))
def _content(call: Call) -> Iterator[Rejection]:
    content = known(call, "content")
    if not isinstance(content, str) or known(call, "documentFormat", "JSON") != "JSON":
        return
    try:
        json.loads(content)
    except ValueError as error:
        yield Rejection("content", f"The document is not JSON: {error}.", "InvalidDocumentContent")


@rule("parameter-value-is-not-empty", Stage.CREATE, Stage.UPDATE, source=_NAMES)
def _value(call: Call) -> Iterator[Rejection]:
    for path in ("value", "insecureValue"):
        if call.get(path) == "":
            yield Rejection(path, "The value must have a length of at least 1.", "ValidationException")


@rule("approval-by-days-or-date", Stage.CREATE, Stage.UPDATE, source=unread("ssm", "PatchRule: ApproveAfterDays"))
def _approval(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "approvalRules[*]"):
        if each.get("approveAfterDays") and each.get("approveUntilDate"):
            yield Rejection(at, "Specify either approveAfterDays or approveUntilDate.", "ValidationException")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:ssm/patchBaseline:PatchBaseline", source=sdk("ssm/patchbaseline"), rules=(_approval,)),
    Behaviour(
        type=PARAMETER, source=sdk("ssm/parameter"), rules=(_name, _is_new, _value, key_exists("keyId", "InvalidKeyId"))
    ),
    Behaviour(
        type="aws:ssm/maintenanceWindow:MaintenanceWindow", source=sdk("ssm/maintenancewindow"), rules=(_cutoff,)
    ),
    Behaviour(type="aws:ssm/document:Document", source=sdk("ssm/document"), rules=(_content,)),
)
