"""The pack's server: it speaks the engine's analyzer protocol.

docs/adr/0008-own-analyzer-server.md explains why it is not the server of Pulumi's policy SDK for Python. The rules work
with that SDK too (`official_sdk.py`).

What a rule could not evaluate at a preview is reported when the preview ends, in one advisory line a rule. The same
rules evaluate the values at `up`; those on single resources do so before the resource is created.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from . import PACK
from .config import PolicyConfig, PolicyConfigError, from_file, from_stack
from .evaluator import Evaluator
from .exceptions import ACCOUNTED, Exceptions
from .report import Report, Result
from .rule import (
    AnyRule,
    Level,
    Outcome,
    ProjectFiles,
    RegisteredOptions,
    RegisteredProvider,
    Resource,
    ResourceRule,
    Rule,
    Severity,
    Stack,
)
from .values import from_wire

VERSION = "0.1.0"
REPORT_FILE = "TIERUP_POLICY_REPORT"
"""The environment variable that names the report file, which is written when the whole stack has been evaluated."""

_MESSAGE_BYTES = 400 * 1024 * 1024  # the engine's limit; a copy, because the pack must run without tierup
_LEVELS = {
    Level.DISABLED: analyzer_pb2.DISABLED,
    Level.ADVISORY: analyzer_pb2.ADVISORY,
    Level.MANDATORY: analyzer_pb2.MANDATORY,
    Level.REMEDIATE: analyzer_pb2.REMEDIATE,
}
_SEVERITIES = {
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}
IN_FORCE = Rule(
    id="EXC-002",
    name="exceptions-in-force",
    title="Exceptions from rules that are in force today.",
    item=ACCOUNTED.item,
    severity=Severity.LOW,
    applies_to=(),
    remediation="No action is needed; this is information.",
    example="",
    source="",
    read=None,
    level=Level.ADVISORY,
)
LONGEST_LIST = 5
"""The number of resources that a line names before it counts the rest."""


class Pack(analyzer_pb2_grpc.AnalyzerServicer):
    """Serves one engine operation. The engine sends requests from several threads at once."""

    def __init__(self, rules: Iterable[AnyRule], exceptions: Exceptions, folder: Path | None = None) -> None:
        self.rules = tuple(rules)
        self.by_id: Mapping[str, Rule] = {rule.id: rule for rule in (*self.rules, ACCOUNTED)}
        self.exceptions = exceptions
        self.folder = folder
        self.project = ""
        self.stack = ""
        self.dry_run = False
        self._from_stack = PolicyConfig()
        self._evaluator = Evaluator(self.rules, self._from_stack, exceptions)
        self._evaluated: OrderedDict[str, tuple[Resource, list[Result]]] = OrderedDict()
        self._remedies = False
        self._lock = threading.Lock()
        self._files_thread = ThreadPoolExecutor(max_workers=1)
        self._on_files: Future[list[Result]] | None = None

    def Handshake(
        self, request: analyzer_pb2.AnalyzerHandshakeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerHandshakeResponse:
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    def ConfigureStack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        """Store the name of the stack. The engine calls this first, and no other call names the stack."""
        self.project, self.stack, self.dry_run = request.project, request.stack, request.dry_run
        try:
            self._use(from_stack(request.config, (*self.rules, ACCOUNTED)))
        except PolicyConfigError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"policy pack {PACK}: {error}")
        self._from_stack = self._evaluator.settings
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> analyzer_pb2.AnalyzerInfo:
        """Return the policies as the stack sets them; the engine then applies the policy config file."""
        return analyzer_pb2.AnalyzerInfo(
            name=PACK,
            displayName="tierup",
            version=VERSION,
            description="The production scaling guide's checklist, enforced on AWS, MongoDB Atlas and Cloudflare.",
            supportsConfig=True,
            policies=[self._info(rule) for rule in (*self.rules, ACCOUNTED, IN_FORCE)],
        )

    def Configure(
        self, request: analyzer_pb2.ConfigureAnalyzerRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        document: dict[str, Any] = {}
        known = (*self.rules, ACCOUNTED)
        names = {rule.name for rule in known}
        for name, config in request.policyConfig.items():
            if name in names:
                level = next(level for level, number in _LEVELS.items() if number == config.enforcementLevel)
                parameters: dict[str, Any] = json_format.MessageToDict(config.properties)
                document[name] = {"enforcementLevel": level.value, **whole_numbers(parameters)}
        try:
            self._use(from_file(document, known, self._from_stack))
        except PolicyConfigError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"policy pack {PACK}: {error}")
        # The engine sends this request last before it runs the program, which registers its first resource a second or
        # two later. Until then the pack has nothing else to do.
        self._on_files = self._files_thread.submit(self._evaluate_files)
        return empty_pb2.Empty()

    def Remediate(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.RemediateResponse:
        response = analyzer_pb2.RemediateResponse()
        if not self._remedies:
            return response
        registered = _registered(request)
        properties = registered.properties
        whole = json_format.MessageToDict(request.properties)
        for rule in self._evaluator.rules:
            if not isinstance(rule, ResourceRule) or request.type not in rule.applies_to:
                continue
            if self._evaluator.settings.level(rule) is not Level.REMEDIATE:
                continue
            resource = replace(registered, properties=properties)
            changes = rule.corrections(resource, self._evaluator.settings.of(rule))
            if not changes:
                continue
            whole.update(changes)
            corrected = struct_pb2.Struct()
            corrected.update(whole)
            response.remediations.add(
                policyName=rule.name,
                policyPackName=PACK,
                policyPackVersion=VERSION,
                description=f"{rule.id}: {rule.title}",
                properties=corrected,
            )
            properties = from_wire(corrected)
        return response

    def Analyze(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        resource = _registered(request)
        evaluated = self._evaluator.resource(resource)
        with self._lock:
            self._evaluated[request.urn] = (resource, evaluated)
        return analyzer_pb2.AnalyzeResponse(
            diagnostics=self._diagnostics(evaluated),
            not_applicable=[
                analyzer_pb2.PolicyNotApplicable(policy_name=self.by_id[each.rule].name, reason=each.reason)
                for each in evaluated
                if each.outcome is Outcome.NOT_APPLICABLE
            ],
        )

    def AnalyzeStack(
        self, request: analyzer_pb2.AnalyzeStackRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        stack = Stack(tuple(self._resource(each) for each in request.resources))
        present = {each.urn for each in request.resources}
        alone = [result for urn, (_, evaluated) in self._evaluated.items() if urn in present for result in evaluated]
        together = self._evaluator.stack(stack)
        together += self._on_files.result() if self._on_files else self._evaluate_files()
        together += self._evaluator.rest(self.stack, [*alone, *together])
        evaluated = [*alone, *together]
        if file := os.environ.get(REPORT_FILE):
            Report(self.project, self.stack, "preview" if self.dry_run else "update", tuple(evaluated)).write(
                Path(file)
            )
        return analyzer_pb2.AnalyzeResponse(
            diagnostics=[*self._diagnostics(together), *self._not_evaluated(evaluated), *self._in_force(evaluated)]
        )

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def _use(self, settings: PolicyConfig) -> None:
        self._evaluator = Evaluator(self.rules, settings, self.exceptions)
        self._remedies = any(settings.level(rule) is Level.REMEDIATE for rule in self.rules)

    def _evaluate_files(self) -> list[Result]:
        return [] if self.folder is None else self._evaluator.project(ProjectFiles(self.folder, self.stack))

    def _resource(self, resource: analyzer_pb2.AnalyzerResource) -> Resource:
        """Return a resource of the stack. The engine gives outputs here; inputs and options are those of Analyze."""
        outputs = from_wire(resource.properties)
        flows = {key: frozenset(found.urns) for key, found in resource.propertyDependencies.items()}
        noted = self._evaluated.get(resource.urn)
        if noted is None:
            return replace(_registered(resource), properties=outputs, outputs=outputs, references=flows)
        return replace(noted[0], outputs=outputs, references=flows)

    def _info(self, rule: Rule) -> analyzer_pb2.PolicyInfo:
        info = analyzer_pb2.PolicyInfo(
            name=rule.name,
            displayName=f"{rule.id} {rule.name}",
            description=rule.title,
            enforcementLevel=_LEVELS[self._evaluator.settings.level(rule)],
            severity=_SEVERITIES[rule.severity],
            policy_type=analyzer_pb2.POLICY_TYPE_RESOURCE
            if isinstance(rule, ResourceRule)
            else analyzer_pb2.POLICY_TYPE_STACK,
            tags=[rule.item.value, *([f"Pitfall {rule.pitfall}"] if rule.pitfall else ())],
            remediation_steps=f"{rule.remediation}\n\n{rule.example}",
            url=rule.source,
        )
        current = self._evaluator.settings.of(rule)
        for parameter in rule.parameters:
            default = current[parameter.name]
            info.configSchema.properties[parameter.name] = {
                **parameter.schema,
                "default": list(default) if isinstance(default, tuple) else default,
            }
        return info

    def _diagnostics(self, evaluated: Iterable[Result]) -> Iterator[analyzer_pb2.AnalyzeDiagnostic]:
        for result in evaluated:
            if result.outcome is Outcome.FAIL:
                rule = self.by_id[result.rule]
                for finding in result.findings:
                    yield _diagnostic(rule, message(rule, result, finding.path, finding.found, finding.wanted), result)

    def _not_evaluated(self, evaluated: Iterable[Result]) -> Iterator[analyzer_pb2.AnalyzeDiagnostic]:
        by_rule: dict[str, list[Result]] = {}
        for result in evaluated:
            if result.reason and result.outcome in (Outcome.UNKNOWN, Outcome.FAIL) and not result.exception:
                by_rule.setdefault(result.rule, []).append(result)
        for id_, indeterminate in by_rule.items():
            named = [f"{each.type} {each.name}: {each.reason}".strip() for each in indeterminate[:LONGEST_LIST]]
            more = f"; and {len(indeterminate) - LONGEST_LIST} more" if len(indeterminate) > LONGEST_LIST else ""
            rule = self.by_id[id_]
            yield _diagnostic(rule, f"{id_} could not be evaluated on {'; '.join(named)}{more}", None, Level.ADVISORY)

    def _in_force(self, evaluated: Iterable[Result]) -> Iterator[analyzer_pb2.AnalyzeDiagnostic]:
        for text in sorted({each.exception for each in evaluated if each.outcome is Outcome.SUPPRESSED}):
            yield _diagnostic(IN_FORCE, f"In force: {text}", None, Level.ADVISORY)


def message(rule: Rule, result: Result, path: str, found: str, wanted: str) -> str:
    """Return the text of one violation: rule, resource, path, value found, value wanted, and the remediation."""
    subject = f"{result.type} {result.name}".strip()
    source = f" See {rule.source}" if rule.source else ""
    return f"{rule.id} [{rule.item}] {subject}: {path} is {found}; wanted: {wanted}. {rule.remediation}{source}"


def _diagnostic(
    rule: Rule, text: str, result: Result | None, level: Level | None = None
) -> analyzer_pb2.AnalyzeDiagnostic:
    level = level or (result.level if result else rule.level)
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=rule.name,
        policyPackName=PACK,
        policyPackVersion=VERSION,
        description=rule.title,
        message=text,
        # A violation that the remedy did not correct counts like one without a remedy.
        enforcementLevel=_LEVELS[Level.MANDATORY if level is Level.REMEDIATE else level],
        urn=result.urn if result else "",
        severity=_SEVERITIES[rule.severity],
    )


def _registered(request: analyzer_pb2.AnalyzeRequest | analyzer_pb2.AnalyzerResource) -> Resource:
    """Return the resource of a request, with the options and the provider that the engine gives."""
    options = request.options
    provider = None
    if request.HasField("provider"):
        given = request.provider
        provider = RegisteredProvider(given.type, given.name, given.urn, from_wire(given.properties))
    parent = request.parent if isinstance(request, analyzer_pb2.AnalyzerResource) else ""
    return Resource(
        request.type,
        request.name,
        request.urn,
        from_wire(request.properties),
        options=RegisteredOptions(
            protect=options.protect,
            parent=options.parent or parent,
            ignore_changes=tuple(options.ignoreChanges),
            delete_before_replace=options.deleteBeforeReplace if options.deleteBeforeReplaceDefined else None,
            aliases=tuple(options.aliases),
            additional_secret_outputs=tuple(options.additionalSecretOutputs),
            create_timeout=options.customTimeouts.create,
            update_timeout=options.customTimeouts.update,
            delete_timeout=options.customTimeouts.delete,
        ),
        provider=provider,
    )


def whole_numbers(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with whole floats as integers: protobuf has only floats, and some schemas want integers."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in parameters.items()
    }


def project_folder(start: Path) -> Path | None:
    """Return the folder of the Pulumi.yaml that `start` belongs to, if any."""
    return next((folder for folder in (start, *start.parents) if (folder / "Pulumi.yaml").is_file()), None)


def serve(pack: Pack) -> None:
    """Serve the pack until the engine ends this process. Writes its port to standard output, as plugins do."""
    options = [("grpc.max_send_message_length", _MESSAGE_BYTES), ("grpc.max_receive_message_length", _MESSAGE_BYTES)]
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=options)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(pack, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(0)
