"""Implements the Pulumi provider protocol: one gRPC servicer for each.

It behaves as the Terraform bridge does: inputs are checked at preview and at up, the cloud is called only at up, and a
create that does not become ready is reported as a resource that failed to initialise.
"""

# ruff: noqa: ARG002, N802 - gRPC defines the names and arguments of the methods

from __future__ import annotations

import json
import secrets as randomness
import time
import traceback
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf import any_pb2, empty_pb2, struct_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from tierup.sandbox.registry import Configuration, InvokeError, Registry

from . import diff, importing, outputs, schema, validation
from .behaviour import UNKNOWN, Behaviour, Call, Name, Operation, Rejection, SandboxDefectError, assumed
from .cloud import Cloud, CloudResource, InjectedFault
from .object_names import keeps_chosen_name, set_object_name
from .redaction import redact
from .traffic.store import observe_service
from .wire import plain, struct

_ANY_NAME = Name(source=assumed("the bridged providers autoname every type with an optional `name`"))
_DEFAULTS = "__defaults"  # the bridge's key for the inputs that it has filled
_Result = TypeVar("_Result")
_CHANGES = ("create", "update", "delete")
_RETRY_SECONDS = 5.0  # how long the sandbox repeats a call that a real provider retries for minutes
_RETRY_PAUSE_SECONDS = 0.05
_ROLLED_BACK = "the deployment failed and was rolled back: tasks failed to start"
_WARNING_SECONDS = 5.0  # how long a warning may take; an engine that has ended takes none
_DiffResponse = provider_pb2.DiffResponse
_PropertyDiff = provider_pb2.PropertyDiff


@dataclass(slots=True)
class _Connection:
    """The configuration of one connection: an engine opens one connection per provider and configures it."""

    configuration: Configuration | None = None
    engine: str = ""  # the address at which the engine takes warnings


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider of the sandbox. It serves any number of engines concurrently."""

    def __init__(self, package: str, cloud: Cloud, registry: Registry) -> None:
        self.package = package
        self.version = schema.sdk(package).version
        self.cloud = cloud
        self.registry = registry
        self._connections: dict[str, _Connection] = {}
        self._last = Configuration()

    # --- the provider itself ---

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._connection(context).engine = request.engine_address
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._connection(context).engine = request.address
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=self.version)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        values, _ = plain(request.news)
        rejections = self.registry.configuration_rejections(self.package, values)
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(rejections, values, list(values)))

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return _DiffResponse(changes=_DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        values, _ = plain(request.args)
        values.update({key.rpartition(":")[2]: value for key, value in request.variables.items()})
        configuration = self.registry.configuration(self.package, values)
        self._connection(context).configuration = configuration
        self._last = configuration
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    # --- reading and checking ---

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._inject_fault("invoke", request.tok, request.tok, context)
        arguments, secrets = plain(request.args)
        token = schema.canonical(request.tok)
        configuration = replace(self._configuration(context), preview=request.preview)

        def call() -> Mapping[str, Any] | InvokeError:
            try:
                return self.registry.invoke(token, arguments, self.cloud, configuration)
            except InvokeError as error:
                return error

        answer = self._guarded(f"the function {token}", call, context)
        if isinstance(answer, InvokeError):
            reason = redact(str(answer), answer.path, arguments, secrets)
            return provider_pb2.InvokeResponse(
                failures=[provider_pb2.CheckFailure(property=answer.path, reason=reason)]
            )
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(struct(answer))
        return response

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        token = _token(request)
        self._inject_fault("check", token, request.urn, context)
        type_schema, behaviour = self._look_up(request, context)
        _serialise_json(request.news, type_schema)
        news, secret = plain(request.news)
        failures: list[Rejection] = []
        name_property: str | None = None
        if self.package == "kubernetes":
            failures += filter(None, [set_object_name(request)])
            news, secret = plain(request.news)
        else:
            name_property = self._set_autoname(request, type_schema, behaviour, news, failures)
            if name_property is not None:
                news[name_property] = request.news.fields[name_property].string_value
            _record_defaults(request.news, [name_property] if name_property is not None else [])
        call = self._call(request.urn, token, news, context, behaviour)
        limits = self.registry.limits(type_schema.token)
        failures += self._guarded(
            f"checking {token}",
            lambda: list(
                validation.plan(call, type_schema, self.registry.rules(token), limits, generated=name_property)
            ),
            context,
        )
        return provider_pb2.CheckResponse(
            inputs=request.news, failures=_failures(failures, news, self._secrets(secret, behaviour))
        )

    def _set_autoname(
        self,
        request: Any,
        type_schema: schema.TypeSchema,
        behaviour: Behaviour | None,
        news: dict[str, Any],
        failures: list[Rejection],
    ) -> str | None:
        """Set the physical name in `request.news` if the program gives none, and return its property."""
        name = behaviour.name if behaviour else _ANY_NAME if "name" in type_schema.inputs else None
        if name is None or not name.automatic or news.get(name.property) is not None:
            return None
        if name.property not in type_schema.inputs or news.get(f"{name.property}Prefix") is not None:
            return None
        olds, old_defaults = request.olds.fields, _recorded_defaults(request.olds)
        # A name that the user chose before and removed is not kept. A replacement is checked without old inputs.
        is_default = old_defaults is None or name.property in old_defaults
        if is_default and name.property in olds and olds[name.property].string_value:
            request.news.fields[name.property].string_value = olds[name.property].string_value
            return name.property
        autonaming = request.autonaming if request.HasField("autonaming") else None
        options = provider_pb2.CheckRequest.AutonamingOptions
        if autonaming is not None and autonaming.mode == options.DISABLE:
            failures.append(Rejection(name.property, f"autonaming is disabled. Set {name.property}."))
            return None
        if autonaming is not None and autonaming.proposed_name:
            request.news.fields[name.property].string_value = autonaming.proposed_name
            return name.property
        try:
            chosen = outputs.automatic_name(request.urn.rpartition("::")[2], name, request.randomSeed)
        except outputs.NameTooLongError as error:
            failures.append(Rejection(name.property, str(error)))
            return None
        if name.suffix is not None:
            chosen += name.suffix(news)
        request.news.fields[name.property].string_value = name.shape(chosen) if name.shape else chosen
        return name.property

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        token = _token(request)
        self._inject_fault("diff", token, request.urn, context)
        self._look_up(request, context)
        behaviour = self.registry.rules(token)
        old, _ = plain(request.old_inputs)
        new, secret = plain(request.news)
        call = self._call(request.urn, token, new, context, behaviour)
        call.old = old
        call.outputs = plain(request.olds)[0]
        call.this = self._find(token, request.id, context)
        step = f"comparing {token}"
        rejections = self._guarded(step, lambda: list(validation.diff(call, behaviour)), context)
        if rejections:
            self._reject("planning the update of", token, call, rejections, self._secrets(secret, behaviour), context)
        moved = self._call(request.urn, token, old, context, behaviour).region != call.region
        differences = self._guarded(step, lambda: diff.changes(call, behaviour, moved=moved), context)
        found = [change for change in differences if not _ignored(change.path, request.ignoreChanges)]
        for change in found:
            if behaviour is not None and diff.is_within(change.path, behaviour.fixed):
                self._fail(
                    f"{change.path}: {token} '{call.name}' does not allow a change after creation."
                    " Restore the old value, or replace the resource.",
                    context,
                )
        if not found:
            return _DiffResponse(changes=_DiffResponse.DIFF_NONE, hasDetailedDiff=True)
        replacing = sorted({_top(change.path) for change in found if change.replaces})
        named = behaviour.name if behaviour is not None and token in self.registry.behaviours else _ANY_NAME
        return _DiffResponse(
            changes=_DiffResponse.DIFF_SOME,
            diffs=sorted({_top(change.path) for change in found}),
            replaces=replacing,
            deleteBeforeReplace=bool(replacing) and _has_chosen_name(named, request),
            detailedDiff={
                change.path: _PropertyDiff(kind=_kind(change), inputDiff=True) for change in found
            },
            hasDetailedDiff=True,
        )  # fmt: skip

    # --- changing ---

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        token = _token(request)
        type_schema, behaviour = self._look_up(request, context)
        inputs, secret = plain(request.properties)
        secret = self._secrets(secret, behaviour)
        call = self._call(request.urn, token, inputs, context, behaviour)
        self._warn("create", call, context)
        if request.preview:
            return provider_pb2.CreateResponse(properties=struct(outputs.planned(call, type_schema, behaviour), secret))
        fault = self._inject_fault("create", token, request.urn, context)
        step = f"creating {token}"
        made: list[CloudResource] = []

        def attempt() -> list[Rejection]:
            rejections = self._guarded(
                step,
                lambda: list(validation.create(call, self.registry.rules(token), self.registry.references)),
                context,
            )
            if rejections:
                return rejections
            call.id = self._guarded(step, lambda: outputs.resource_id(call, behaviour), context)
            existing = self.cloud.get(token, call.id, call.region)
            if existing is not None and not (
                behaviour and behaviour.overwrites and behaviour.overwrites(call, existing)
            ):
                return [Rejection("", f"'{call.id}' already exists", "AlreadyExists")]
            resource = CloudResource(
                type=token,
                id=call.id,
                urn=request.urn,
                region=call.region,
                account=call.account,
                inputs=inputs,
                outputs=self._guarded(step, lambda: outputs.created(call, type_schema, behaviour), context),
                secrets=secret,
            )
            call.outputs = dict(resource.outputs)
            denied = self._guarded(step, lambda: self.registry.denials("create", call), context)
            if denied:
                return denied
            if existing is None:
                observe_service(self.cloud, None, self.cloud.add(resource))
            else:
                changed = replace(resource, key=existing.key, created=existing.created)
                self.cloud.change(changed)
                observe_service(self.cloud, existing, changed)
            made.append(resource)
            return []

        rejections = self._settle(attempt, context)
        if rejections:
            self._reject("creating", token, call, rejections, secret, context)
        (resource,) = made
        properties = struct(resource.outputs, resource.secrets)
        self._apply_fault(fault, "creating", token, call.name, resource.id, properties, request.properties, context)
        return provider_pb2.CreateResponse(id=resource.id, properties=properties)

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        token = _token(request)
        self._inject_fault("read", token, request.urn, context)
        self._look_up(request, context)
        found = self._read(token, request, context)
        if found is None:
            return provider_pb2.ReadResponse()
        call = self._call(request.urn, token, found.inputs, context, self.registry.behaviours.get(token))
        call.id, call.this = found.id, found
        if denied := self._guarded(f"reading {token}", lambda: self.registry.denials("read", call), context):
            self._reject("reading", token, call, denied, found.secrets, context)
        inputs = struct(found.inputs, found.secrets)
        if (defaults := _recorded_defaults(request.inputs)) is not None:
            _record_defaults(inputs, defaults)
        return provider_pb2.ReadResponse(id=found.id, properties=struct(found.outputs, found.secrets), inputs=inputs)

    def _read(self, token: str, request: Any, context: grpc.ServicerContext) -> CloudResource | None:
        """Return the resource to read: by the id of the state, or by its import id if the state does not have it."""
        if token not in importing.IMPORT_IDS or request.properties.fields or request.inputs.fields:
            return self._find(token, request.id, context)
        try:
            return importing.find_import(self.cloud, token, request.id)
        except importing.ImportIdError as error:
            self._fail(f"importing {token}: {error}", context)

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        token = _token(request)
        type_schema, behaviour = self._look_up(request, context)
        inputs, secret = plain(request.news)
        secret = self._secrets(secret, behaviour)
        call = self._call(request.urn, token, inputs, context, behaviour)
        call.id = request.id
        call.this = this = self._find(token, request.id, context)
        if this is None:
            missing = Rejection("", f"'{request.id}' no longer exists. Run a refresh.", "NotFound")
            self._reject("updating", token, call, [missing], secret, context)
        call.old = this.inputs
        call.seed = this.id
        step = f"updating {token}"
        call.preview = request.preview
        self._warn("update", call, context)
        if request.preview:
            planned = self._guarded(step, lambda: outputs.updated(call, type_schema, behaviour, preview=True), context)
            return provider_pb2.UpdateResponse(properties=struct(planned, secret))
        fault = self._inject_fault("update", token, request.urn, context)
        made: list[CloudResource] = []
        undone = ""

        def attempt() -> list[Rejection]:
            nonlocal undone
            rejections = self._guarded(
                step,
                lambda: list(validation.update(call, self.registry.rules(token), self.registry.references)),
                context,
            )
            if rejections:
                return rejections
            denied = self._guarded(step, lambda: self.registry.denials("update", call), context)
            if denied:
                return denied
            updated = self._guarded(step, lambda: outputs.updated(call, type_schema, behaviour, preview=False), context)
            old = {name: this.inputs[name] for name in inputs if behaviour and name in behaviour.patches_old}
            made.append(replace(this, urn=request.urn, inputs={**inputs, **old}, outputs=updated, secrets=secret))
            if behaviour is not None and (rolls_back := behaviour.rolls_back) is not None:
                undone = self._guarded(step, lambda: rolls_back(call), context)
            if not undone and (fault is None or fault.kind != "rollback"):
                self.cloud.change(made[0])
                observe_service(self.cloud, this, made[0])
            return []

        rejections = self._settle(attempt, context)
        if rejections:
            self._reject("updating", token, call, rejections, secret, context)
        (changed,) = made
        properties = struct(changed.outputs, secret)
        if undone:
            reason = f"updating {token} '{call.name}': the deployment failed and was rolled back: {undone}"
            self._init_failed(reason, request.id, properties, request.news, context)
        self._apply_fault(fault, "updating", token, call.name, request.id, properties, request.news, context)
        return provider_pb2.UpdateResponse(properties=properties)

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        token = _token(request)
        _, behaviour = self._look_up(request, context)
        fault = self._inject_fault("delete", token, request.urn, context)
        with self._transaction(context):
            found = self._find(token, request.id, context)
            if found is None:
                return empty_pb2.Empty()  # already deleted
            call = self._call(request.urn, token, found.inputs, context, behaviour)
            call.id, call.this, call.old = found.id, found, found.inputs
            rejections = self._guarded(
                f"deleting {token}",
                lambda: (
                    self.registry.denials("delete", call)
                    or list(validation.delete(call, self.registry.rules(token), self.registry.references))
                ),
                context,
            )
            is_kept = self.registry.kept_after_delete.get(token)
            if not rejections and is_kept is not None and is_kept(found):
                self.cloud.change(replace(found, urn=""))
            elif not rejections:
                self.cloud.remove(found)
                observe_service(self.cloud, found, None)
        if rejections:
            self._reject("deleting", token, call, rejections, found.secrets, context)
        self._warn("delete", call, context)
        if fault is not None:
            time.sleep(fault.seconds)
        if fault is not None and fault.kind != "slow":
            self._fail(f"deleting {token} '{call.name}': {_fault_message(fault, 'its outcome is unknown')}", context)
        return empty_pb2.Empty()

    # --- shared ---

    @contextmanager
    def _transaction(self, context: grpc.ServicerContext) -> Generator[None]:
        """Run one change as a transaction, unless the engine that requested it has disconnected.

        A real provider ends with its engine, and requests that it has not sent never reach the cloud. Without this
        check a queued change would be performed after the engine was killed and its state was recovered.
        """
        with self.cloud.alone():
            if not context.is_active():
                self._fail("the engine that requested this has disconnected", context)
            yield

    def _settle(self, attempt: Callable[[], list[Rejection]], context: grpc.ServicerContext) -> list[Rejection]:
        """Run `attempt` in a transaction until it succeeds or fails with an error that the provider does not retry."""
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            with self._transaction(context):
                rejections = attempt()
            if not rejections or not all(rejection.retried for rejection in rejections):
                return rejections
            if time.monotonic() >= deadline:
                return rejections
            time.sleep(_RETRY_PAUSE_SECONDS)

    def _connection(self, context: grpc.ServicerContext) -> _Connection:
        return self._connections.setdefault(context.peer(), _Connection())

    def _warn(self, operation: Operation, call: Call, context: grpc.ServicerContext) -> None:
        """Report the provider's warnings to the engine, which prints them with the resource."""
        warnings = self.registry.warnings.get(call.type)
        if warnings is None:
            return
        found = self._guarded(f"a warning of {call.type}", lambda: list(warnings(call, operation)), context)
        address = self._connection(context).engine
        if not found or not address:
            return
        with grpc.insecure_channel(address) as channel, suppress(grpc.RpcError):
            engine = engine_pb2_grpc.EngineStub(channel)
            for message in found:
                engine.Log(
                    engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message, urn=call.urn),
                    timeout=_WARNING_SECONDS,
                )

    def _configuration(self, context: grpc.ServicerContext) -> Configuration:
        return self._connection(context).configuration or self._last

    def _look_up(self, request: Any, context: grpc.ServicerContext) -> tuple[schema.TypeSchema, Behaviour | None]:
        try:
            return schema.schema(_requested_type(request)), self.registry.behaviours.get(_token(request))
        except schema.UnknownTypeError as error:
            self._fail(str(error), context)

    def _call(
        self,
        urn: str,
        token: str,
        inputs: Mapping[str, Any],
        context: grpc.ServicerContext,
        behaviour: Behaviour | None,
    ) -> Call:
        configuration = self._configuration(context)
        own = inputs.get("region")
        region = own if isinstance(own, str) and self.package == "aws" else configuration.region
        if behaviour is not None and not behaviour.regional:
            region = ""
        return Call(
            type=token,
            urn=urn,
            region=region,
            account=configuration.account,
            inputs=inputs,
            cloud=self.cloud,
            seed=randomness.token_hex(8),
            default_tags=configuration.default_tags,
        )

    def _find(self, token: str, id: str, context: grpc.ServicerContext) -> CloudResource | None:
        """Return the resource with an id, in the configured region if it exists there, else in any region."""
        return self.cloud.get(token, id, self._configuration(context).region) or self.cloud.get(token, id)

    @staticmethod
    def _secrets(given: Iterable[str], behaviour: Behaviour | None) -> frozenset[str]:
        return frozenset(given) | (behaviour.secrets if behaviour else frozenset())

    def _inject_fault(
        self, operation: str, token: str, urn: str, context: grpc.ServicerContext
    ) -> InjectedFault | None:
        """Take the armed fault, if any. A "fail" fault fails here; other kinds are returned to `_apply_fault`."""
        name = urn.rpartition("::")[2]
        fault = self.cloud.take_fault(operation, token, name)
        if fault is None:
            return None
        if fault.kind == "fail" or operation not in _CHANGES:
            time.sleep(fault.seconds)
        if fault.kind == "fail":
            self._fail(f"{operation} {token} '{name}': {_fault_message(fault, 'it failed')}", context)
        return fault

    def _apply_fault(
        self,
        fault: InjectedFault | None,
        action: str,
        token: str,
        name: str,
        id: str,
        properties: struct_pb2.Struct,
        inputs: struct_pb2.Struct,
        context: grpc.ServicerContext,
    ) -> None:
        if fault is None:
            return
        time.sleep(fault.seconds)  # the cloud acts at once; the response takes time
        if fault.kind == "slow":
            return
        if fault.kind == "lost":
            self._fail(f"{action} {token} '{name}': {_fault_message(fault, 'the answer was lost')}", context)
        default = _ROLLED_BACK if fault.kind == "rollback" else "timeout while waiting for it to become ready"
        self._init_failed(
            f"{action} {token} '{name}': {_fault_message(fault, default)}", id, properties, inputs, context
        )

    @staticmethod
    def _init_failed(
        reason: str,
        id: str,
        properties: struct_pb2.Struct,
        inputs: struct_pb2.Struct,
        context: grpc.ServicerContext,
    ) -> NoReturn:
        """Report an operation that took effect without success: the engine keeps the new state."""
        detail = any_pb2.Any()
        detail.Pack(provider_pb2.ErrorResourceInitFailed(id=id, properties=properties, inputs=inputs, reasons=[reason]))
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason, details=[detail])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, reason)

    def _guarded(self, step: str, compute: Callable[[], _Result], context: grpc.ServicerContext) -> _Result:
        """Return the result of a rule or template, or fail with the sandbox's own error if it raises an exception."""
        try:
            return compute()
        except Exception as error:
            defect = error if isinstance(error, SandboxDefectError) else SandboxDefectError(step, error)
            traceback.print_tb((defect.__cause__ or error).__traceback__)  # without the message, which may hold a value
            self._fail(str(defect), context)

    def _reject(
        self,
        action: str,
        token: str,
        call: Call,
        rejections: Iterable[Rejection],
        secrets: frozenset[str],
        context: grpc.ServicerContext,
    ) -> NoReturn:
        reasons = "; ".join(f"{rejection.code}: {_reason(rejection, call.inputs, secrets)}" for rejection in rejections)
        self._fail(f"{action} {token} '{call.name}': {reasons}", context)

    @staticmethod
    def _fail(message: str, context: grpc.ServicerContext) -> NoReturn:
        context.abort(grpc.StatusCode.UNKNOWN, message)
        raise AssertionError("abort always raises")


def _fault_message(fault: InjectedFault, default: str) -> str:
    return f"{fault.message or default} (an injected {fault.kind} fault)"


def _requested_type(request: Any) -> str:
    """Return the type token of a request, else of its URN: the last of the "$"-joined types in its third part."""
    return request.type or request.urn.split("::")[2].rpartition("$")[2]


def _token(request: Any) -> str:
    """Return the current token of a request's type: a legacy token and the current one are the same type."""
    return schema.canonical(_requested_type(request))


def _failures(
    rejections: Iterable[Rejection], values: Mapping[str, Any], secrets: Collection[str]
) -> list[provider_pb2.CheckFailure]:
    """Return check failures as the Terraform bridge does: without `property`, so that the engine prints no value."""
    return [provider_pb2.CheckFailure(reason=_reason(rejection, values, secrets)) for rejection in rejections]


def _reason(rejection: Rejection, values: Mapping[str, Any], secrets: Collection[str]) -> str:
    message = redact(rejection.message, rejection.path, values, secrets)
    return f"{rejection.path}: {message}" if rejection.path else message


def _serialise_json(news: struct_pb2.Struct, type_schema: schema.TypeSchema) -> None:
    """Replace objects by JSON strings in the inputs that take either, as the bridge does for policies."""
    for name, known in type_schema.inputs.items():
        if name not in news.fields or not (isinstance(known.type, list) and known.type[0] == "json"):
            continue
        single = struct_pb2.Struct()
        single.fields[name].CopyFrom(news.fields[name])
        values, secrets = plain(single)
        value = values.get(name)
        if isinstance(value, Mapping):
            text = UNKNOWN if outputs.holds_unknown(value) else json.dumps(value, separators=(",", ":"), sort_keys=True)
            news.fields[name].CopyFrom(struct({name: text}, secrets).fields[name])


def _record_defaults(inputs: struct_pb2.Struct, names: Iterable[str]) -> None:
    """Record which inputs the provider has filled, as the bridge does."""
    inputs.fields[_DEFAULTS].list_value.Clear()
    inputs.fields[_DEFAULTS].list_value.extend(names)


def _recorded_defaults(inputs: struct_pb2.Struct) -> list[str] | None:
    if _DEFAULTS not in inputs.fields:
        return None
    return [value.string_value for value in inputs.fields[_DEFAULTS].list_value.values]


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _ignored(path: str, ignored: Iterable[str]) -> bool:
    return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in ignored)


def _kind(change: diff.Change) -> Any:
    return getattr(_PropertyDiff, f"{change.kind.upper()}{'_REPLACE' if change.replaces else ''}")


def _has_chosen_name(own: Name | None, request: Any) -> bool:
    """Return whether a replacement deletes first, because the user chose the name.

    Source: nameRequiresDeleteBeforeReplace in https://github.com/pulumi/pulumi-terraform-bridge, pkg/tfbridge/schema.go
    (read 2026-11-28). An automatic name does not count: the replacement gets a new one.
    """
    news = request.news
    if _requested_type(request).startswith("kubernetes:"):
        return keeps_chosen_name(request)
    if own is None or not own.automatic:
        return False
    name, defaults = own.property, _recorded_defaults(news)
    return defaults is not None and name in news.fields and name not in defaults
