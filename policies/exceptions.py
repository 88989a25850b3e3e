"""Exceptions from rules: read from a reviewed file, checked as a whole, and held to account while the pack runs.

An exception covers one rule on one resource, or on one file of the project, until a date. It never hides anything for
good: the pack lists those in force, and reports one that has expired or that nothing needed.
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
    title="An exception from a rule is in date, and needed.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(),
    remediation="Fix the resource and take the exception out, or have it reviewed and renewed.",
    example="",
    source="",
    read=None,
)
LISTED = Path("policies", "exceptions.yaml")
"""The exceptions file, from the folder of the project whose exceptions they are."""
LONGEST = timedelta(days=366)
REQUIRED = ("rule", "reason", "expires", "owner")
SUBJECTS = ("resource", "file")
"""What an exception is on: a file for a rule on the project's files, a resource for any other."""
OPTIONAL = ("stacks",)
# Type tokens are package:module/name:Type (aws:lb/listener:Listener) or, for components, package:module:Type.
RESOURCE = re.compile(r"^[\w-]+:[\w/.-]+:\w+::.+$")
SHORTEST_REASON = 20  # "legacy" explains nothing to who has to renew it


class ExceptionsError(ValueError):
    """The exceptions file is not right; the message lists everything that is wrong with it, a line each."""


@dataclass(frozen=True, slots=True)
class RuleException:
    """One reviewed exception, on a resource (type::name) or on a file (as the rule's findings name it). `expires` is
    the last day it holds; no `stacks` means every stack."""

    rule: str
    reason: str
    expires: date
    owner: str
    resource: str = ""
    file: str = ""
    stacks: tuple[str, ...] = ()

    def holds_in(self, stack: str) -> bool:
        """Whether this exception concerns that stack at all."""
        return not self.stacks or stack in self.stacks

    def covers(self, rule_id: str, urn: str) -> bool:
        """Whether this is the exception for that rule on that resource."""
        return self.rule == rule_id and resource_key(urn) == self.resource and self.holds_in(stack_of(urn))

    @property
    def subject(self) -> str:
        """What it is on."""
        return self.resource or self.file

    def __str__(self) -> str:
        return f"{self.rule} on {self.subject}: {self.reason} (until {self.expires}, {self.owner})"


@dataclass(slots=True)
class Exceptions:
    """The exceptions on one day, and which of them the running preview or update has needed so far."""

    entries: tuple[RuleException, ...]
    today: date
    needed: set[RuleException] = field(default_factory=set[RuleException])
    undecided: set[RuleException] = field(default_factory=set[RuleException])

    def expired(self, stack: str) -> tuple[RuleException, ...]:
        """Those of `stack` whose last day has passed. They cover nothing."""
        return tuple(e for e in self.entries if e.holds_in(stack) and not self._in_date(e))

    def unused(self, stack: str) -> tuple[RuleException, ...]:
        """Those of `stack` that nothing needed. Only meaningful once every resource has been evaluated."""
        evaluated = self.needed | self.undecided
        return tuple(e for e in self.entries if e.holds_in(stack) and self._in_date(e) and e not in evaluated)

    def find(self, rule_id: str, urn: str) -> RuleException | None:
        """The exception in force for that rule on that resource."""
        return next((e for e in self.entries if self._in_date(e) and e.covers(rule_id, urn)), None)

    def on_files(self, rule_id: str, stack: str) -> Mapping[str, RuleException]:
        """By file, those in force for that rule when that stack is evaluated."""
        listed = (e for e in self.entries if e.file and e.rule == rule_id)
        return {e.file: e for e in listed if e.holds_in(stack) and self._in_date(e)}

    def _in_date(self, exception: RuleException) -> bool:
        return exception.expires >= self.today


def stack_of(urn: str) -> str:
    """The stack that a URN belongs to."""
    return urn.split("::", 1)[0].removeprefix("urn:pulumi:")


def resource_key(urn: str) -> str:
    """What an exception calls a resource: `type::name`, the end of its URN without its parents' types."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.rsplit('$', 1)[-1]}::{name}"


def file_of(path: str) -> str:
    """The file that a finding of a rule on files is about: its path begins with that, and a colon ends it. A rule that
    misses something, or evaluates several files as one, has what it calls that in its place."""
    return path.partition(":")[0]


def listed_by(project: Path | None) -> Path | None:
    """The exceptions file of the project in this folder, None where it has none.

    A pack may evaluate projects of others, so its own folder has no say: what was reviewed for one project was not for
    another. A folder `policies` that holds another pack has nothing for this one.
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
    """The exceptions of the project in this folder; none where it lists none. Raises ExceptionsError."""
    listed = listed_by(project)
    return Exceptions((), today) if listed is None else load(listed, rules=rules, today=today)


def load(path: Path, *, rules: Iterable[Rule], today: date) -> Exceptions:
    """Reads the exceptions file. `rules` are all that there are. Raises ExceptionsError."""
    by_id = {rule.id: rule for rule in rules}
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExceptionsError(f"{path} is missing; it should hold at least: exceptions: []") from None
    except yaml.YAMLError as fault:
        raise ExceptionsError(f"{path} is not YAML: {fault}") from None
    if (
        not isinstance(document, dict)
        or set(document) != {"exceptions"}
        or not isinstance(document["exceptions"], list)
    ):
        raise ExceptionsError(f"{path} should hold one key, `exceptions`, with a list")
    entries: list[RuleException] = []
    faults: list[str] = []
    for number, entry in enumerate(document["exceptions"], start=1):
        if found := list(_faults(entry, by_id, today)):
            faults += [f"  exception {number}: {fault}" for fault in found]
            continue
        fields: dict[str, Any] = {**entry, "stacks": tuple(entry.get("stacks", ()))}
        exception = RuleException(**fields)
        if any(exception.rule == other.rule and exception.subject == other.subject for other in entries):
            faults.append(f"  exception {number}: {exception.rule} on {exception.subject} is listed twice")
        entries.append(exception)
    if faults:
        raise ExceptionsError("\n".join([f"{path} is not right:", *faults]))
    return Exceptions(tuple(entries), today)


def _faults(entry: Any, rules: Mapping[str, Rule], today: date) -> Iterator[str]:
    """Everything that is wrong with one entry of the file."""
    if not isinstance(entry, dict):
        yield f"got {entry!r}, wanted the keys {', '.join(REQUIRED)}, and {' or '.join(SUBJECTS)}"
        return
    allowed = (*REQUIRED, *SUBJECTS, *OPTIONAL)
    if unknown := sorted(str(key) for key in set(entry) - set(allowed)):
        yield f"unknown keys {', '.join(unknown)}; allowed are {', '.join(allowed)}"
    on, other = reversed(SUBJECTS) if isinstance(rules.get(str(entry.get("rule"))), ProjectRule) else SUBJECTS
    if other in entry:
        yield f"`{other}` is not what {entry.get('rule')} evaluates: give a `{on}`"
    for key in (*REQUIRED, on):
        if key not in entry:
            yield f"`{key}` is missing"
        elif key != "expires" and not (isinstance(entry[key], str) and entry[key].strip()):
            yield f"`{key}` is {entry[key]!r}, wanted a text"
    rule, resource, reason, expires = (entry.get(key) for key in ("rule", "resource", "reason", "expires"))
    if isinstance(rule, str) and rule not in rules:
        yield f"there is no rule {rule!r}; the rules are {', '.join(rules)}"
    if isinstance(resource, str) and not RESOURCE.match(resource):
        yield f"`resource` is {resource!r}, wanted type::name, e.g. aws:lb/listener:Listener::http"
    if isinstance(reason, str) and len(reason.strip()) < SHORTEST_REASON:
        yield f"`reason` is {reason!r}; say in {SHORTEST_REASON} characters or more why, and what will end it"
    if "expires" in entry and type(expires) is not date:
        yield f"`expires` is {expires!r}, wanted a date, e.g. {today + timedelta(days=90)}"
    elif isinstance(expires, date) and expires - today > LONGEST:
        yield f"`expires` is {expires}, more than a year away; an exception is looked at again once a year"
    stacks = entry.get("stacks", [])
    if not isinstance(stacks, list) or not all(isinstance(stack, str) and stack for stack in stacks):
        yield f"`stacks` is {stacks!r}, wanted a list of stack names"
