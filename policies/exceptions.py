"""Exceptions from rules, read from a reviewed file and validated as a whole.

An exception covers one rule on one resource, or on one file of the project, until a date. No exception is permanent:
the pack lists those in force, and reports one that has expired or that no violation used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from . import PACK
from .rule import ChecklistItem, ProjectRule, Rule, Severity

ACCOUNTED = Rule(
    id="EXC-001",
    name="exceptions-accounted-for",
    title="An exception from a rule has not expired, and a violation uses it.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(),
    remediation="Fix the resource and remove the exception, or have it reviewed and renewed.",
    example="",
    source="",
    read=None,
)
LISTED = Path("policies", "exceptions.yaml")
"""The exceptions file, relative to the project's folder."""
LONGEST = timedelta(days=366)
REQUIRED = ("rule", "reason", "expires", "owner")
SUBJECTS = ("resource", "file")
"""The subject of an exception: a file for a rule on the project's files, a resource for any other rule."""
OPTIONAL = ("stacks",)
# Type tokens are package:module/name:Type (aws:lb/listener:Listener) or, for components, package:module:Type.
RESOURCE = re.compile(r"^[\w-]+:[\w/.-]+:\w+::.+$")
SHORTEST_REASON = 20  # "legacy" does not help the person who has to renew it


class ExceptionsError(ValueError):
    """The exceptions file is invalid; the message lists every error in it, one a line."""


@dataclass(frozen=True, slots=True)
class RuleException:
    """One reviewed exception, on a resource (type::name) or on a file (as the rule's findings name it). `expires` is
    the last day on which it applies; no `stacks` means every stack."""

    rule: str
    reason: str
    expires: date
    owner: str
    resource: str = ""
    file: str = ""
    stacks: tuple[str, ...] = ()

    def holds_in(self, stack: str) -> bool:
        """Return whether this exception applies to the stack of that name."""
        return not self.stacks or stack in self.stacks

    def covers(self, rule_id: str, urn: str) -> bool:
        """Return whether this is the exception for that rule on that resource."""
        return self.rule == rule_id and resource_key(urn) == self.resource and self.holds_in(stack_of(urn))

    @property
    def subject(self) -> str:
        """The resource or the file that the exception covers."""
        return self.resource or self.file

    def __str__(self) -> str:
        return f"{self.rule} on {self.subject}: {self.reason} (until {self.expires}, {self.owner})"


@dataclass(slots=True)
class Exceptions:
    """The exceptions on one day. Violations used those in `needed`, and may have used those in `undecided`."""

    entries: tuple[RuleException, ...]
    today: date
    needed: set[RuleException] = field(default_factory=set[RuleException])
    undecided: set[RuleException] = field(default_factory=set[RuleException])

    def expired(self, stack: str) -> tuple[RuleException, ...]:
        """Return the exceptions of `stack` that have expired. They cover nothing."""
        return tuple(e for e in self.entries if e.holds_in(stack) and not self._in_date(e))

    def unused(self, stack: str) -> tuple[RuleException, ...]:
        """Return the exceptions of `stack` that no violation used. Call it after every resource has been evaluated."""
        evaluated = self.needed | self.undecided
        return tuple(e for e in self.entries if e.holds_in(stack) and self._in_date(e) and e not in evaluated)

    def find(self, rule_id: str, urn: str) -> RuleException | None:
        """Return the exception in force for that rule on that resource."""
        return next((e for e in self.entries if self._in_date(e) and e.covers(rule_id, urn)), None)

    def on_files(self, rule_id: str, stack: str) -> Mapping[str, RuleException]:
        """Return the exceptions in force for that rule in that stack, by file."""
        listed = (e for e in self.entries if e.file and e.rule == rule_id)
        return {e.file: e for e in listed if e.holds_in(stack) and self._in_date(e)}

    def _in_date(self, exception: RuleException) -> bool:
        return exception.expires >= self.today


def stack_of(urn: str) -> str:
    """Return the name of the stack that a URN belongs to."""
    return urn.split("::", 1)[0].removeprefix("urn:pulumi:")


def resource_key(urn: str) -> str:
    """Return `type::name`, by which an exception names a resource: the end of its URN without its parents' types."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.rsplit('$', 1)[-1]}::{name}"


def file_of(path: str) -> str:
    """Return the file that a finding of a rule on files is about: the part of its path before the first colon. For a
    missing file, or for several files that are evaluated as one, it is the rule's name for them."""
    return path.partition(":")[0]


def listed_by(project: Path | None) -> Path | None:
    """Return the exceptions file of the project in this folder, None where it has none.

    A pack may evaluate other projects. The exceptions in the pack's own folder do not apply to them, because a review
    for one project is not a review for another. A folder `policies` with another pack holds no exceptions for this one.
    """
    if project is None or not (project / LISTED).is_file():
        return None
    try:
        about = yaml.safe_load((project / LISTED).with_name("PulumiPolicy.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return project / LISTED
    except yaml.YAMLError:
        return None
    return project / LISTED if isinstance(about, dict) and about.get("name") == PACK else None


def of_project(project: Path | None, *, rules: Iterable[Rule], today: date) -> Exceptions:
    """Return the exceptions of the project in this folder. Raises ExceptionsError."""
    listed = listed_by(project)
    return Exceptions((), today) if listed is None else load(listed, rules=rules, today=today)


def load(path: Path, *, rules: Iterable[Rule], today: date) -> Exceptions:
    """Return the exceptions in a file. `rules` are all known rules. Raises ExceptionsError."""
    by_id = {rule.id: rule for rule in rules}
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExceptionsError(
            f"exceptions: no such file (got {path}). Create it with at least `exceptions: []`."
        ) from None
    except yaml.YAMLError as error:
        raise ExceptionsError(f"{path}: not valid YAML (got {error}). Correct the file.") from None
    if (
        not isinstance(document, dict)
        or set(document) != {"exceptions"}
        or not isinstance(document["exceptions"], list)
    ):
        raise ExceptionsError(
            f"{path}: not an exceptions file (got {type(document).__name__}). Give one key, `exceptions`, with a list."
        )
    entries: list[RuleException] = []
    errors: list[str] = []
    for number, entry in enumerate(document["exceptions"], start=1):
        if found := list(_errors(entry, by_id, today)):
            errors += [f"  exception {number}: {error}" for error in found]
            continue
        fields: dict[str, Any] = {**entry, "stacks": tuple(entry.get("stacks", ()))}
        exception = RuleException(**fields)
        if any(exception.rule == other.rule and exception.subject == other.subject for other in entries):
            errors.append(f"  exception {number}: {exception.rule} on {exception.subject} is listed twice. Remove one.")
        entries.append(exception)
    if errors:
        raise ExceptionsError("\n".join([f"{path}: the file is invalid:", *errors]))
    return Exceptions(tuple(entries), today)


def _errors(entry: Any, rules: Mapping[str, Rule], today: date) -> Iterator[str]:
    """Yield every error in one entry of the file."""
    if not isinstance(entry, dict):
        yield f"not an object (got {entry!r}). Give the keys {', '.join(REQUIRED)}, and {' or '.join(SUBJECTS)}."
        return
    allowed = (*REQUIRED, *SUBJECTS, *OPTIONAL)
    if unknown := sorted(str(key) for key in set(entry) - set(allowed)):
        yield f"unknown keys (got {', '.join(unknown)}). Allowed are {', '.join(allowed)}."
    on, other = reversed(SUBJECTS) if isinstance(rules.get(str(entry.get("rule"))), ProjectRule) else SUBJECTS
    if other in entry:
        yield f"`{other}`: {entry.get('rule')} does not evaluate one. Give a `{on}`."
    for key in (*REQUIRED, on):
        if key not in entry:
            yield f"`{key}`: missing. It is required."
        elif key != "expires" and not (isinstance(entry[key], str) and entry[key].strip()):
            yield f"`{key}`: not a text (got {entry[key]!r}). Give a text that is not empty."
    rule, resource, reason, expires = (entry.get(key) for key in ("rule", "resource", "reason", "expires"))
    if isinstance(rule, str) and rule not in rules:
        yield f"`rule`: no rule has this id (got {rule!r}). Allowed are {', '.join(rules)}."
    if isinstance(resource, str) and not RESOURCE.match(resource):
        yield f"`resource`: not type::name (got {resource!r}). Give e.g. aws:lb/listener:Listener::http."
    if isinstance(reason, str) and len(reason.strip()) < SHORTEST_REASON:
        yield f"`reason`: too short (got {reason!r}). Say in {SHORTEST_REASON} characters or more why."
    if "expires" in entry and type(expires) is not date:
        yield f"`expires`: not a date (got {expires!r}). Give e.g. {today + timedelta(days=90)}."
    elif isinstance(expires, date) and expires - today > LONGEST:
        yield f"`expires`: more than a year away (got {expires}). An exception needs a review at least once a year."
    stacks = entry.get("stacks", [])
    if not isinstance(stacks, list) or not all(isinstance(stack, str) and stack for stack in stacks):
        yield f"`stacks`: not a list of stack names (got {stacks!r}). Give e.g. [dev]."
