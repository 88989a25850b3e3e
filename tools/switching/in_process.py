"""Deploys the program to the sandbox's providers in this process, in the order in which the engine does.

A run of the engine takes a minute, most of which its processes, previews and state take. This module does the part that
decides what a switch does to a cloud: it registers the program's resources as the SDK sends them, checks and compares
them with the state, creates, updates and replaces, and deletes at the end what the program no longer registers.
`tests/engine` and `python -m tools.switching pairs` compare both.

Not part of it: parallel operations, previews with unknown values, pending operations of an engine that was killed,
imports, hooks and aliases, none of which a switch of phase and tier needs. A run removes the protection of a resource
before it deletes it, as a step of a switch does (tierup/switch/runner.py).
"""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn, cast

import pulumi
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.proto import provider_pb2, resource_pb2
from pulumi.runtime.settings import ROOT, reset_options
from pulumi.runtime.stack import run_in_stack

from stacks import architecture, change_guard
from stacks.config.reading import parse
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import PACKAGES
from tierup.sandbox.traffic import Timeline, replay
from tierup.sandbox.wire import plain
from tierup.switch.config_values import Config, raw_text
from tierup.switch.resource_changes import Operation, ResourceChange

STACK_TYPE: Final = "pulumi:pulumi:Stack"
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The value that the engine sends for one that is not known (sdk/go/common/resource/plugin of Pulumi)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateEntry:
    """One resource in the state."""

    urn: str
    type: str
    name: str
    id: str
    inputs: struct_pb2.Struct
    outputs: struct_pb2.Struct
    parent: str
    dependencies: frozenset[str]
    by_property: Mapping[str, frozenset[str]]
    """Input → the URNs that its value depends on."""
    custom: bool = True
    protect: bool = False
    retain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What one run did."""

    errors: Sequence[str]
    changes: Sequence[ResourceChange]
    timeline: Timeline | None
    """The run on the virtual clock; None if it was not evaluated."""


class _Call:
    """The gRPC context that a provider gets with each call."""

    def is_active(self) -> bool:
        return True

    def peer(self) -> str:
        return "in-process"

    def set_trailing_metadata(self, metadata: object) -> None:
        """Take the details of an error, which its message repeats."""

    def abort(self, _code: object, message: str) -> NoReturn:
        raise OperationError(message)


class OperationError(Exception):
    """A provider refused an operation, or an injected fault made it fail."""


class InProcessStack:
    """A stack of the program in a cloud, with its state."""

    def __init__(
        self,
        cloud: Cloud,
        *,
        stack: str,
        project: str = "tierup",
        region: str = "eu-west-1",
        state: Mapping[str, StateEntry] | None = None,
        outputs: Mapping[str, Any] | None = None,
    ) -> None:
        self.cloud = cloud
        self.stack = stack
        self.project = project
        self.region = region
        self.state: dict[str, StateEntry] = dict(state or {})
        """URN → entry, in the order of registration."""
        self.pending_deletions: list[StateEntry] = []
        """Replaced resources that still have to be deleted."""
        self.outputs: dict[str, Any] = dict(outputs or {})
        self.accepted: set[str] = set()
        """The logical names of the protected resources that a run may replace: those of --delete-data."""
        self.providers = {package: Provider(package, cloud, registry()) for package in PACKAGES}
        settings = struct_pb2.Struct()
        settings.update({"region": region})
        for provider in self.providers.values():
            provider.Configure(provider_pb2.ConfigureRequest(args=settings), _CALL)

    def copy(self) -> InProcessStack:
        """Return a stack with the same state in a copy of the cloud."""
        return InProcessStack(
            self.cloud.copy(), stack=self.stack, project=self.project, region=self.region, state=self.state,
            outputs=self.outputs,
        )  # fmt: skip

    @property
    def urn_prefix(self) -> str:
        """The part of a URN that names the stack."""
        return f"urn:pulumi:{self.stack}::{self.project}"

    def up(self, config: Config, *, evaluate: bool = True) -> RunResult:
        """Deploy a configuration. The result has errors instead of an exception.

        `evaluate` is whether the traffic is evaluated after each operation.
        """
        run = self.cloud.begin_run(f"up of stack {self.stack}")
        monitor = self._run_program(config, preview=False)
        if not monitor.errors:
            monitor.delete_unregistered()
        self.state = monitor.state_after()
        self.pending_deletions = monitor.pending_deletions
        if not monitor.errors:
            self.outputs = monitor.outputs
        timeline = None
        if evaluate:
            self.cloud.set_dependencies(run, dict(self._dependencies()))
            timeline = replay(self.cloud, stack=self.urn_prefix, run_id=run)
        return RunResult(errors=monitor.errors, changes=monitor.changes, timeline=timeline)

    def preview(self, config: Config) -> RunResult:
        """Return what `up` would do, as far as it does not depend on resources that are still to be created."""
        monitor = self._run_program(config, preview=True)
        gone = [
            _change("delete", entry, entry.inputs, None)
            for urn, entry in self.state.items()
            if urn not in monitor.registered and entry.custom and not monitor.errors
        ]
        return RunResult(errors=monitor.errors, changes=[*monitor.changes, *gone], timeline=None)

    def _dependencies(self) -> Iterator[tuple[str, list[str]]]:
        for urn, entry in self.state.items():
            found = {*entry.dependencies, *((entry.parent,) if entry.parent else ())}
            if found:
                yield urn, sorted(found)

    def _run_program(self, config: Config, *, preview: bool) -> _Monitor:
        text, secret = raw_text(config)
        settings = parse(text, secret_keys=secret, stack=self.stack)
        monitor = _Monitor(self, preview=preview)

        def program() -> None:
            change_guard.check_change(settings)
            for name, value in architecture.create(settings).items():
                pulumi.export(name, value)

        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda _loop, _context: None)  # tasks that waited for what failed
        asyncio.set_event_loop(loop)
        reset_options()
        set_mocks(
            _NoMocks(), project=self.project, stack=self.stack, preview=preview, monitor=cast("MockMonitor", monitor)
        )
        ROOT.set(None)  # set_mocks has created one, and run_in_stack creates its own
        pulumi.runtime.set_all_config(dict(text), sorted(secret))
        try:
            loop.run_until_complete(run_in_stack(program))
        except Exception as error:
            if not monitor.errors:
                monitor.errors.append("".join(traceback.format_exception(error))[-1_500:])
        finally:
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
            # A caller that registers resources afterwards needs an open loop.
            asyncio.set_event_loop(asyncio.new_event_loop())
        return monitor


class _NoMocks(Mocks):
    """The monitor answers itself."""

    def new_resource(self, args: MockResourceArgs) -> NoReturn:
        raise NotImplementedError

    def call(self, args: MockCallArgs) -> NoReturn:
        raise NotImplementedError


_CALL: Any = _Call()


class _Monitor(MockMonitor):
    """Answers the SDK's registrations and calls by operations of the providers."""

    def __init__(self, stack: InProcessStack, *, preview: bool) -> None:
        super().__init__(_NoMocks())
        self._stack = stack
        self._preview = preview
        self._lock = threading.Lock()
        self._deleted_first: set[str] = set()
        self._seed = 0
        self.registered: dict[str, StateEntry] = {}
        self.pending_deletions: list[StateEntry] = list(stack.pending_deletions)
        self.changes: list[ResourceChange] = []
        self.errors: list[str] = []
        self.outputs: dict[str, Any] = {}

    # --- what the SDK calls ---

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        kind = parent.split("::")[2] if parent else ""
        qualified = f"{kind}${type_}" if kind and kind != STACK_TYPE else type_
        return f"{self._stack.urn_prefix}::{qualified}::{name}"

    def Invoke(self, request: Any) -> Any:  # noqa: N802 (gRPC defines the name)
        if request.tok == "pulumi:pulumi:readStackOutputs":
            stored = struct_pb2.Struct()
            stored.update({"name": "", "outputs": self._stack.outputs})
            return _invoke_response(stored)
        provider = self._stack.providers[request.tok.partition(":")[0]]
        with self._lock:
            found = provider.Invoke(provider_pb2.InvokeRequest(tok=request.tok, args=request.args), _CALL)
        return _invoke_response(getattr(found, "return"), found.failures)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        with self._lock:
            entry = self._register(request, urn)
            self.registered[urn] = entry
        return resource_pb2.RegisterResourceResponse(urn=urn, id=entry.id, object=entry.outputs)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        if f"::{STACK_TYPE}::" in request.urn:
            self.outputs, _ = plain(request.outputs)
        return empty_pb2.Empty()

    # --- steps ---

    def _register(self, request: Any, urn: str) -> StateEntry:
        new = StateEntry(
            urn=urn,
            type=request.type,
            name=request.name,
            id="",
            inputs=request.object,
            outputs=request.object,
            parent=request.parent if f"::{STACK_TYPE}::" not in request.parent else "",
            dependencies=frozenset(request.dependencies),
            by_property={name: frozenset(each.urns) for name, each in request.propertyDependencies.items()},
            custom=request.custom and not request.type.startswith("pulumi:"),
            protect=request.protect,
            retain=request.retainOnDelete,
        )
        if not new.custom:
            return replace(new, id=new.name if request.custom else "")
        if self.errors:
            raise OperationError("the run has failed")  # the engine would have ended, and the program with it
        old = self._stack.state.get(urn)
        try:
            return self._step(request, new, old if urn not in self._deleted_first else None)
        except OperationError as error:
            self.errors.append(f"{new.name}: {error}")
            raise

    def _step(self, request: Any, new: StateEntry, old: StateEntry | None) -> StateEntry:
        given = struct_pb2.Struct()
        given.CopyFrom(request.object)
        if old is not None:
            for path in request.ignoreChanges:
                _keep(given.fields, old.inputs.fields, path)
        new = replace(new, inputs=self._check(new, given, old))
        if old is None:
            return self._create(new)
        difference = self._provider(new).Diff(
            provider_pb2.DiffRequest(
                id=old.id, urn=new.urn, olds=old.outputs, old_inputs=old.inputs, news=new.inputs,
                ignoreChanges=request.ignoreChanges,
            ),
            _CALL,
        )  # fmt: skip
        changed = list(difference.diffs)
        if not changed:
            return replace(new, id=old.id, outputs=old.outputs)
        if difference.replaces or set(changed) & set(request.replaceOnChanges):
            return self._replace(request, new, old, changed, first=difference.deleteBeforeReplace)
        self.changes.append(_change("update", new, old.inputs, new.inputs, changed))
        answer = self._provider(new).Update(
            provider_pb2.UpdateRequest(
                id=old.id, urn=new.urn, olds=old.outputs, old_inputs=old.inputs, news=new.inputs,
                ignoreChanges=request.ignoreChanges, preview=self._preview,
            ),
            _CALL,
        )  # fmt: skip
        return replace(new, id=old.id, outputs=answer.properties)

    def _check(self, new: StateEntry, given: struct_pb2.Struct, old: StateEntry | None) -> struct_pb2.Struct:
        self._seed += 1
        checked = self._provider(new).Check(
            provider_pb2.CheckRequest(
                urn=new.urn,
                news=given,
                olds=old.inputs if old is not None else struct_pb2.Struct(),
                randomSeed=f"{new.urn} {self._seed} {len(self.pending_deletions)}".encode(),
            ),
            _CALL,
        )
        if checked.failures:
            raise OperationError("; ".join(failure.reason for failure in checked.failures))
        return checked.inputs

    def _create(self, new: StateEntry, operation: Operation = "create", old: StateEntry | None = None) -> StateEntry:
        self.changes.append(_change(operation, new, old.inputs if old is not None else None, new.inputs))
        answer = self._provider(new).Create(
            provider_pb2.CreateRequest(urn=new.urn, properties=new.inputs, preview=self._preview), _CALL
        )
        return replace(new, id=answer.id, outputs=answer.properties)

    def _replace(
        self,
        request: Any,
        new: StateEntry,
        old: StateEntry,
        changed: Sequence[str],
        *,
        first: bool,
    ) -> StateEntry:
        if old.protect and old.name not in self._stack.accepted:
            raise OperationError(f"{old.name} is protected, and would be replaced because of {', '.join(changed)}")
        if request.deleteBeforeReplaceDefined:
            first = request.deleteBeforeReplace
        # The inputs of a replacement are those of the program: ignoreChanges does not apply to it.
        new = replace(new, inputs=self._check(new, request.object, None))
        if self._preview:
            return self._create(new, "replace", old)
        if first:
            for each in [*self._replaced_with(old), old]:
                self._delete(each)
                self._deleted_first.add(each.urn)
        made = self._create(new, "replace", old)
        if not first:
            self.pending_deletions.append(old)
        return made

    def _replaced_with(self, old: StateEntry) -> list[StateEntry]:
        """Return the entries that are replaced, too, when `old` is deleted first: dependents before what they need.

        These are the dependents that an unknown value of the inputs that refer to it would replace
        (calculateDependentReplacements in pkg/resource/deploy/step_generator.go of Pulumi; from memory).
        """
        found: list[StateEntry] = []
        replaced = {old.urn}
        for urn, entry in self._stack.state.items():
            names = [name for name, urns in entry.by_property.items() if urns & replaced]
            if not names or not entry.custom or urn in self.registered:
                continue
            news = struct_pb2.Struct()
            news.CopyFrom(entry.inputs)
            for name in names:
                if name in news.fields:
                    news.fields[name].string_value = _UNKNOWN
            difference = self._provider(entry).Diff(
                provider_pb2.DiffRequest(
                    id=entry.id, urn=urn, olds=entry.outputs, old_inputs=entry.inputs, news=news
                ),
                _CALL,
            )  # fmt: skip
            if difference.replaces:
                replaced.add(urn)
                found.append(entry)
        return found[::-1]

    def _delete(self, entry: StateEntry) -> None:
        if entry.retain or not entry.custom:
            return
        self._provider(entry).Delete(
            provider_pb2.DeleteRequest(
                id=entry.id, urn=entry.urn, properties=entry.outputs, old_inputs=entry.inputs
            ),
            _CALL,
        )  # fmt: skip

    def delete_unregistered(self) -> None:
        """Delete what was replaced and what the program no longer registers, dependents first."""
        gone = [
            entry
            for urn, entry in self._stack.state.items()
            if urn not in self.registered and urn not in self._deleted_first
        ]
        remaining = list(self.pending_deletions)
        for entry in _dependents_first([*gone, *self.pending_deletions]):
            is_replaced = entry in remaining
            if not is_replaced and entry.custom:
                self.changes.append(_change("delete", entry, entry.inputs, None))
            try:
                self._delete(entry)
            except OperationError as error:
                self.errors.append(f"deleting {entry.name}: {error}")
                return
            if is_replaced:
                remaining.remove(entry)
                self.pending_deletions = list(remaining)
            else:
                self._deleted_first.add(entry.urn)

    def state_after(self) -> dict[str, StateEntry]:
        """Return the state: what was registered, and what remains of the state before."""
        rest = {
            urn: entry
            for urn, entry in self._stack.state.items()
            if urn not in self.registered and urn not in self._deleted_first
        }
        return {**self.registered, **rest}

    def _provider(self, entry: StateEntry) -> Provider:
        return self._stack.providers[entry.type.partition(":")[0]]


def _invoke_response(values: struct_pb2.Struct, failures: Sequence[Any] = ()) -> Any:
    answer = resource_pb2.ResourceInvokeResponse(failures=list(failures))
    getattr(answer, "return").CopyFrom(values)
    return answer


def _dependents_first(entries: Sequence[StateEntry]) -> list[StateEntry]:
    """Return the entries in an order in which each follows those that depend on it."""
    by_urn: dict[str, list[StateEntry]] = {}
    for entry in entries:
        by_urn.setdefault(entry.urn, []).append(entry)
    ordered: list[StateEntry] = []
    seen: set[int] = set()

    def visit(entry: StateEntry) -> None:
        if id(entry) in seen:
            return
        seen.add(id(entry))
        for urn in sorted({*entry.dependencies, entry.parent}):
            for each in by_urn.get(urn, ()):
                visit(each)
        ordered.append(entry)

    for entry in entries:
        visit(entry)
    return ordered[::-1]


def _keep(new: Any, old: Any, path: str) -> None:
    """Restore the value at a path of ignoreChanges. Only top-level inputs are used in this program."""
    if path in old:
        new[path].CopyFrom(old[path])
    elif path in new:
        del new[path]


def _change(
    operation: Operation,
    entry: StateEntry,
    before: struct_pb2.Struct | None,
    after: struct_pb2.Struct | None,
    properties: Sequence[str] = (),
) -> ResourceChange:
    return ResourceChange(
        operation=operation,
        type=entry.type,
        name=entry.name,
        properties=sorted(properties),
        before=plain(before)[0] if before is not None else {},
        after=plain(after)[0] if after is not None else {},
    )
