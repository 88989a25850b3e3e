"""The progress of an operation, built from the engine's events."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tierup import pulumi_protocol

MANDATORY = "mandatory"
"""The enforcement level that stops an operation."""
ROOT = "pulumi:pulumi:Stack"
SECRET = "[secret]"  # noqa: S105 (shown in place of a secret)
UNKNOWN = "[unknown]"

# Steps of the engine that change nothing in a cloud.
_WITHOUT_CHANGE = frozenset(
    {"same", "read", "read-discard", "discard", "discard-replaced", "remove-pending-replace", "refresh"}
)

# The engine adds these messages to every error; they name no cause.
_BOILERPLATE = re.compile(
    r"(update|preview|resource refresh|destroy) failed"
    r"|failed to run (policy|remediation|stack policy): context canceled"
)


@dataclass(slots=True)
class Step:
    """One operation on one resource."""

    urn: str
    type: str
    op: str  # the engine's: create, update, delete, replace, create-replacement, delete-replaced, import, ...
    started: float  # time.monotonic()
    seconds: float | None = None  # once it has ended
    failed: bool = False
    changed: tuple[str, ...] = ()  # property paths of an update or a replacement
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])  # the inputs in the state; secrets are SECRET
    after: Mapping[str, Any] = field(default_factory=dict[str, Any])  # the inputs of the program

    @property
    def name(self) -> str:
        """The logical name."""
        return name_of(self.urn)


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnostic:
    """A message of the engine, a provider or the program."""

    severity: str  # error, warning or info
    urn: str  # "" if the message concerns no resource
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A violation of a policy by a resource."""

    pack: str
    policy: str
    level: str  # mandatory or advisory
    urn: str
    message: str


@dataclass(slots=True)
class Progress:
    """The state of an operation after the events that were processed."""

    on_step: Callable[[Step], None] = lambda _: None  # called when a step that changes something has ended
    on_violation: Callable[[Violation], None] = lambda _: None
    on_diagnostic: Callable[[Diagnostic], None] = lambda _: None
    started: float = field(default_factory=time.monotonic)
    running: dict[tuple[str, str], Step] = field(default_factory=dict[tuple[str, str], Step])
    steps: list[Step] = field(default_factory=list[Step])
    seen: int = 0  # resources that the engine has processed, changed or not
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    violations: list[Violation] = field(default_factory=list[Violation])
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    changes: dict[str, int] = field(default_factory=dict[str, int])
    previews: bool = False  # whether the operation is a preview

    @property
    def errors(self) -> list[Diagnostic]:
        """The diagnostics with severity error."""
        return [each for each in self.diagnostics if each.severity == "error"]

    @property
    def mandatory(self) -> list[Violation]:
        """The violations that stop a deployment."""
        return [each for each in self.violations if each.level == MANDATORY]

    @property
    def changed(self) -> int:
        """The number of resources that were, or would be, created, updated, replaced or deleted, without the stack."""
        return sum(1 for step in self.steps if not step.failed and step.type != ROOT)

    def counts(self) -> Counter[str]:
        """Return the number of steps that changed something, by operation."""
        return Counter(step.op for step in self.steps if not step.failed and step.type != ROOT)

    def take(self, event: Mapping[str, Any]) -> None:
        """Process one event of the engine (apitype.EngineEvent)."""
        if "resourcePreEvent" in event:
            if self._counts(event["resourcePreEvent"]):
                self._start(event["resourcePreEvent"]["metadata"])
        elif "resOutputsEvent" in event:
            if self._counts(event["resOutputsEvent"]):
                self._end(event["resOutputsEvent"]["metadata"], failed=False)
        elif "resOpFailedEvent" in event:
            self._end(event["resOpFailedEvent"]["metadata"], failed=True)
        elif "diagnosticEvent" in event:
            self._diagnose(event["diagnosticEvent"])
        elif "policyEvent" in event:
            self._violate(event["policyEvent"])
        elif "summaryEvent" in event:
            self.changes = dict(event["summaryEvent"].get("resourceChanges") or {})

    def _counts(self, body: Mapping[str, Any]) -> bool:
        """Return whether a step belongs to the operation itself, and not to the preview before it."""
        return self.previews or not body.get("planning")

    def _start(self, metadata: Mapping[str, Any]) -> None:
        op, urn = str(metadata["op"]), str(metadata["urn"])
        changed = tuple(metadata.get("detailedDiff") or metadata.get("diffs") or ())
        self.running[(urn, op)] = Step(
            urn,
            str(metadata["type"]),
            op,
            time.monotonic(),
            changed=changed,
            before=_inputs(metadata.get("old")),
            after=_inputs(metadata.get("new")),
        )

    def _end(self, metadata: Mapping[str, Any], *, failed: bool) -> None:
        op, urn = str(metadata["op"]), str(metadata["urn"])
        new = metadata.get("new") or {}
        if metadata["type"] == ROOT and op != "delete" and new.get("outputs"):
            self.outputs = {name: plain(value) for name, value in new["outputs"].items()}
        step = self.running.pop((urn, op), None)
        if (
            step is None
        ):  # a component is reported a second time, with its outputs; a refresh ends as an update or a delete
            if op not in ("update", "delete") or any(each.urn == urn and each.op == op for each in self.steps):
                return
            step = self.running.pop((urn, "refresh"), None) or Step(urn, str(metadata["type"]), op, time.monotonic())
            step.op = op
            step.changed = tuple(metadata.get("detailedDiff") or metadata.get("diffs") or ())
        self.seen += 1
        step.seconds = time.monotonic() - step.started
        step.failed = failed
        # "replace" summarizes the steps create-replacement and delete-replaced.
        if (step.op in _WITHOUT_CHANGE or step.op == "replace") and not failed:
            return
        self.steps.append(step)
        self.on_step(step)

    def _diagnose(self, event: Mapping[str, Any]) -> None:
        severity = str(event.get("severity") or "info")
        message = str(event.get("message") or "").strip()
        if severity == "debug" or event.get("ephemeral") or not message or _BOILERPLATE.fullmatch(message):
            return
        severity = "info" if severity.startswith("info") else severity
        found = Diagnostic(severity=severity, urn=str(event.get("urn") or ""), message=message)
        if found not in self.diagnostics:
            self.diagnostics.append(found)
            self.on_diagnostic(found)

    def _violate(self, event: Mapping[str, Any]) -> None:
        found = Violation(
            pack=str(event.get("policyPackName") or ""),
            policy=str(event.get("policyName") or ""),
            level=str(event.get("enforcementLevel") or ""),
            urn=str(event.get("resourceUrn") or ""),
            message=str(event.get("message") or "").strip(),
        )
        if found not in self.violations:
            self.violations.append(found)
            self.on_violation(found)


def _inputs(state: Any) -> Mapping[str, Any]:
    return plain((state or {}).get("inputs") or {})


def plain(value: Any) -> Any:
    """Return an event's value with "[secret]" and "[unknown]" (known only after `up`) in place of Pulumi's markers."""
    if isinstance(value, list):
        return [plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        mark = value.get(pulumi_protocol.SIGNATURE)
        if mark == pulumi_protocol.SECRET:
            return SECRET
        if mark in (pulumi_protocol.ASSET, pulumi_protocol.ARCHIVE):
            return "[asset]"
        return {str(key): plain(each) for key, each in value.items()}
    return UNKNOWN if value == pulumi_protocol.UNKNOWN_STRING else value


def name_of(urn: str) -> str:
    """Return the logical name of a resource."""
    return urn.rpartition("::")[2]


def type_of(urn: str) -> str:
    """Return the type of a resource, without its parents' types."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""
