"""The settings of every environment of a workspace: which workload becomes what, the phase, the conversion."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tierup.copilot_import.conversion.schedules import aws_schedule
from tierup.copilot_import.draft import SKIPPED, Draft, Kind, Options, Result, Role, Workload
from tierup.copilot_import.fields import ENVIRONMENT_FIELDS, FIELDS, PIPELINE_FIELDS, ManifestField, row_of
from tierup.copilot_import.manifest import (
    Node,
    Workspace,
    WorkspaceError,
    for_environment,
    interpolated,
    unknown_variables,
)
from tierup.copilot_import.report import Finding, ImportedStack, Outcome, Placeholder
from tierup.program_settings import (
    NAMESPACE,
    Feature,
    Phase,
    RejectedSettingsError,
    Tier,
    introduced_in,
    parse_settings,
)

_FIRST_PRIORITY: Final = 100
_MAX_TASK_NAME: Final = 21
_PLACEHOLDERS: Final[Mapping[str, str]] = {
    "alertEmail": "alerts@example.com",
    "atlasOrgId": "0123456789abcdef01234567",
}
_SMALLEST_SHARDED: Final = "M30"
_PHASES: Final = tuple(Phase)

# Copilot's defaults of fields that a manifest may leave out, where the stack has other ones: site/content/docs/include.
_DEFAULTS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    Kind.LOAD_BALANCED: {
        "http.healthcheck": "/",
        "cpu": 256,
        "memory": 512,
        "count": 1,
        "platform": "linux/x86_64",
        "image.healthcheck.command": [],
        "logging.retention": 30,
    },
    Kind.BACKEND: {
        "http.healthcheck": "/",
        "cpu": 256,
        "memory": 512,
        "count": 1,
        "platform": "linux/x86_64",
        "image.healthcheck.command": [],
        "logging.retention": 30,
    },
    # App Runner: 1 vCPU and 2 GB by default
    Kind.REQUEST_DRIVEN: {
        "http.healthcheck": "/",
        "cpu": 1024,
        "memory": 2048,
        "image.healthcheck.command": [],
    },
    Kind.WORKER: {"count": 1, "logging.retention": 30},
    Kind.SCHEDULED_JOB: {"cpu": 256, "memory": 512},
    Kind.STATIC_SITE: {},
}


def import_workspace(
    workspace: Workspace, options: Options, environments: Sequence[str] = ()
) -> Sequence[ImportedStack]:
    """Return the stacks of the environments of a workspace; of all of them if none is named.

    Raises:
        WorkspaceError: an environment or a service of the options does not exist, or no environment is known.
        RejectedSettingsError: the program rejects the settings of a stack.
    """
    known = workspace.environments
    if not known and not environments:
        raise WorkspaceError(
            "--stack: the workspace names no environment (got none). Give the name of one with --stack."
        )
    unknown = sorted(set(environments) - set(known)) if known else []
    if unknown:
        raise WorkspaceError(
            f"--stack: not an environment of the workspace (got {', '.join(unknown)}). "
            f"The workspace has {', '.join(sorted(known))}."
        )
    _check_names(workspace, options)
    return [_stack(workspace, options, name) for name in environments or sorted(known)]


def _check_names(workspace: Workspace, options: Options) -> None:
    given = {
        "--api": [options.api] if options.api else [],
        "--worker": [options.worker] if options.worker else [],
        "--expose": list(options.exposed),
        "--image": list(options.images),
    }
    for option, names in given.items():
        missing = sorted(set(names) - workspace.workloads.keys())
        if missing:
            raise WorkspaceError(
                f"{option}: the workspace has no such service or job (got {', '.join(missing)}). "
                f"It has {', '.join(sorted(workspace.workloads))}."
            )


def _stack(workspace: Workspace, options: Options, environment: str) -> ImportedStack:
    manifests = {
        name: for_environment(
            interpolated(manifest, application=workspace.application, environment=environment), environment
        )
        for name, manifest in workspace.workloads.items()
    }
    workloads = _roles(manifests, options)
    phase = options.phase or _needed_phase(workloads)
    if phase is not Phase.ENTERPRISE:
        workloads = [
            replace(
                each,
                role=Role.NONE,
                reason=f"Further services need phase {introduced_in(Feature.SERVICES)} (got {phase}).",
            )
            if each.role is Role.SERVICE
            else each
            for each in workloads
        ]
    draft = Draft(workspace=workspace, environment=environment, options=options, phase=phase, workloads=workloads)
    draft.settings |= {"phase": phase.value, "tier": options.tier.value}
    manifest = workspace.environments.get(environment)
    if manifest is not None:
        manifest = interpolated(manifest, application=workspace.application, environment=environment)
        _convert(draft, manifest, ENVIRONMENT_FIELDS)
    order = [Role.API, Role.SERVICE, Role.WORKER, Role.TASK, Role.SITE, Role.NONE]
    for workload in sorted(workloads, key=lambda each: order.index(each.role)):
        _workload(draft, workload)
    _finish_services(draft)
    draft.workload = None
    draft.findings += _other_files(workspace)
    placeholders = _required(draft)
    config = _accepted_config(draft)
    return ImportedStack(name=environment, config=config, findings=draft.findings, placeholders=placeholders)


# --- roles and phase ---


def _kind(manifest: Node) -> Kind | None:
    given = manifest.at("type")
    return next((kind for kind in Kind if given is not None and kind.value == given.text()), None)


def _roles(manifests: Mapping[str, Node], options: Options) -> list[Workload]:
    """Return what each workload becomes."""
    kinds = {name: _kind(manifest) for name, manifest in manifests.items()}
    api = options.api or _first_api(manifests, kinds)
    workers = [name for name, kind in kinds.items() if kind is Kind.WORKER]
    worker = options.worker or (workers[0] if workers else None)
    sites = [name for name, kind in kinds.items() if kind is Kind.STATIC_SITE]
    result: list[Workload] = []
    for name, manifest in manifests.items():
        kind = kinds[name]
        if kind is None:
            type_ = manifest.at("type")
            result.append(
                Workload(
                    name=name,
                    kind=Kind.BACKEND,
                    role=Role.NONE,
                    manifest=manifest,
                    reason=f"Not a type of Copilot's documentation (got {type_.text() if type_ else 'none'}).",
                )
            )
            continue
        role, reason = _role(name, kind, manifest, options, api=api, worker=worker, site=sites[0] if sites else None)
        result.append(
            Workload(name=name, kind=kind, role=role, manifest=manifest, reason=reason, image=options.images.get(name))
        )
    return result


def _first_api(manifests: Mapping[str, Node], kinds: Mapping[str, Kind | None]) -> str | None:
    """Return the service that becomes the stack's own: of each type in turn the one at /, else the first."""
    for kind in (Kind.LOAD_BALANCED, Kind.REQUEST_DRIVEN, Kind.BACKEND):
        names = [name for name, each in kinds.items() if each is kind]
        paths = {name: manifests[name].at("http", "path") for name in names}
        at_root = [name for name, path in paths.items() if path is not None and path.text().strip("/") == ""]
        if names:
            return (at_root or names)[0]
    return None


def _role(
    name: str,
    kind: Kind,
    manifest: Node,
    options: Options,
    *,
    api: str | None,
    worker: str | None,
    site: str | None,
) -> tuple[Role, str]:
    if name == api:
        return Role.API, "It becomes the stack's service, tierup:backend."
    if kind is Kind.WORKER:
        if name == worker:
            return Role.WORKER, "It becomes the stack's worker, which runs the image of the service."
        return Role.NONE, f"The stack has one worker, which is {worker}. Choose another one with --worker."
    if kind is Kind.SCHEDULED_JOB:
        return _task_role(name, manifest)
    if kind is Kind.STATIC_SITE:
        if name == site:
            return Role.SITE, "It becomes the site of the stack."
        return Role.NONE, f"The stack has one site, which is {site}."
    if kind is Kind.BACKEND and name not in options.exposed:
        return Role.NONE, (
            "Every entry of tierup:services has a public route, and this service has none. If it may be public, add "
            f"--expose {name}."
        )
    location = manifest.at("image", "location")
    if name not in options.images and location is None:
        return Role.NONE, (
            f"An entry of tierup:services needs an image. Build and push it, and add --image {name}=<image>."
        )
    return Role.SERVICE, f"It becomes tierup:services.{name}, on the API's host name."


def _task_role(name: str, manifest: Node) -> tuple[Role, str]:
    if len(name) > _MAX_TASK_NAME:
        return Role.NONE, f"The name of a scheduled task has at most {_MAX_TASK_NAME} characters (got {len(name)})."
    if manifest.at("command") is None or manifest.at("entrypoint") is not None:
        return Role.NONE, (
            "A scheduled task runs the image of the service with a command, and the manifest has none without an "
            f"entrypoint. Set tierup:scheduledTasks.{name}.command and its schedule."
        )
    schedule = manifest.at("on", "schedule")
    try:
        if schedule is not None and schedule.text() != "none":
            aws_schedule(schedule.text())
    except ValueError as error:
        return Role.NONE, f"on.schedule: {error} (got {schedule.text() if schedule else ''})."
    if schedule is None:
        return Role.NONE, "The job has no schedule."
    return Role.TASK, f"It becomes tierup:scheduledTasks.{name}, which runs the image of the service."


def _needed_phase(workloads: Sequence[Workload]) -> Phase:
    """Return the first phase that has what the workloads use."""
    needed = [_PHASES[0]]
    for workload in workloads:
        if workload.role is Role.SERVICE:
            needed.append(introduced_in(Feature.SERVICES))
        if workload.role is Role.WORKER:
            needed.append(introduced_in(Feature.WORKER))
        if workload.role not in (Role.API, Role.SERVICE, Role.WORKER):
            continue
        count = workload.manifest.at("count")
        if count is not None and count.is_mapping:
            needed.append(introduced_in(Feature.AUTOSCALING))
        placement = workload.manifest.at("network", "vpc", "placement")
        if placement is not None and (placement.is_mapping or placement.value == "private"):
            needed.append(introduced_in(Feature.PRIVATE_SUBNETS))
    return max(needed, key=_PHASES.index)


# --- conversion ---


def _workload(draft: Draft, workload: Workload) -> None:
    draft.workload = workload
    manifest = workload.manifest
    kind = manifest.at("type")
    place = kind or manifest
    outcome = {Role.NONE: Outcome.UNMAPPED, Role.WORKER: Outcome.DIFFERS, Role.TASK: Outcome.DIFFERS}.get(
        workload.role, Outcome.MAPPED
    )
    draft.findings.append(
        Finding(
            file=place.file,
            line=place.line,
            field=f"type: {kind.text()}" if kind else "type",
            outcome=outcome,
            setting=f"{NAMESPACE}:{'.'.join(workload.container)}" if workload.container else "",
            note=workload.reason,
        )
    )
    if workload.role is Role.NONE:
        return
    if workload.role is not Role.SITE:
        draft.findings.append(
            Finding(
                file=place.file,
                line=place.line,
                field="(every container)",
                outcome=Outcome.DIFFERS,
                setting=f"{NAMESPACE}:{'.'.join(workload.container)}.user",
                note="The process runs as user 1000:1000 on a read-only root file system, with a writable /tmp.",
            )
        )
    given = replace(manifest, value={key: node for key, node in manifest.fields.items() if key != "type"})
    rows = FIELDS[workload.kind]
    _convert(draft, given, rows)
    for path, value in _DEFAULTS[workload.kind].items():
        segments = tuple(path.split("."))
        row = row_of(rows, segments)
        if workload.role is Role.TASK and segments[0] in ("http", "count"):
            continue
        if _is_given(manifest, segments):
            continue
        default = Node(value=value, file=place.file, line=place.line)
        if isinstance(value, list):
            default = replace(default, value=[])
        if row is None:  # App Runner has no health check of the container
            row = row_of(FIELDS[Kind.LOAD_BALANCED], segments)
        if row is not None:
            _convert_field(draft, default, segments, row, field=f"{path} (Copilot's default: {_shown(value)})")


def _is_given(manifest: Node, segments: Sequence[str]) -> bool:
    """Return whether the manifest sets a field, or for a map some of it."""
    node = manifest.at(*segments)
    if node is None or node.value is None:
        return False
    if segments == ("http", "healthcheck") and node.is_mapping:
        return node.at("path") is not None
    if segments == ("count",) and node.is_mapping:
        return node.at("range") is not None or node.at("spot") is not None
    return True


def _shown(value: object) -> str:
    return "none" if value == [] else str(value)


def _convert(draft: Draft, manifest: Node, rows: Sequence[ManifestField]) -> None:
    for key, node in manifest.fields.items():
        _walk(draft, node, (key,), rows)


def _walk(draft: Draft, node: Node, path: tuple[str, ...], rows: Sequence[ManifestField]) -> None:
    """Convert a field: by its row, or by the rows of what is below it."""
    row = row_of(rows, path)
    if node.is_list and any(item.is_mapping for item in node.items):
        for item in node.items:
            if row is not None:
                _convert_field(draft, item, path, row)
            else:
                _walk(draft, item, path, rows)
    elif row is not None and not (node.is_mapping and row.recurse):
        _convert_field(draft, node, path, row)
    elif node.is_mapping and (node.fields or row is not None):
        for key, child in node.fields.items():
            _walk(draft, child, (*path, key), rows)
    elif node.value is not None:
        _add(draft, node, ".".join(path), Outcome.UNMAPPED, note="Copilot's documentation has no such field.")


def _convert_field(
    draft: Draft, node: Node, path: tuple[str, ...], row: ManifestField, *, field: str | None = None
) -> None:
    draft.path = path
    name = field or ".".join(path)
    if node.value is None:
        return
    unknown = unknown_variables(node)
    if unknown:
        note = f"The value needs {', '.join(unknown)} of the shell that runs Copilot; set it with pulumi config set."
        _add(draft, node, name, Outcome.UNMAPPED, note=note)
        return
    found = row.convert(draft, node) if row.convert else None
    if found == SKIPPED:
        return
    if isinstance(found, Result):
        _add(draft, node, name, found.outcome, setting=found.setting, note=found.note)
    else:
        _add(draft, node, name, row.outcome, note=row.note)


def _add(draft: Draft, node: Node, field: str, outcome: Outcome, *, setting: str = "", note: str = "") -> None:
    draft.findings.append(
        Finding(file=node.file, line=node.line, field=field, outcome=outcome, setting=setting, note=note)
    )


def _finish_services(draft: Draft) -> None:
    """Give each further service a priority and paths."""
    for index, (name, service) in enumerate(sorted(draft.settings.get("services", {}).items())):
        service["priority"] = _FIRST_PRIORITY + 10 * index
        if "paths" not in service:
            service["paths"] = [f"/{name}", f"/{name}/*"]
        if "image" not in service:
            del draft.settings["services"][name]
    if not draft.settings.get("services", True):
        del draft.settings["services"]


def _other_files(workspace: Workspace) -> Iterator[Finding]:
    for pipeline in workspace.pipelines.values():
        for key, node in pipeline.fields.items():
            row = row_of(PIPELINE_FIELDS, (key,))
            note = row.note if row else "Copilot's documentation has no such field."
            yield Finding(file=node.file, line=node.line, field=key, outcome=Outcome.UNMAPPED, note=note)
    for template in workspace.addons:
        resources = template.at("Resources")
        for key, node in (resources.fields if resources else {}).items():
            type_ = node.at("Type")
            yield Finding(
                file=node.file,
                line=node.line,
                field=f"Resources.{key}",
                outcome=Outcome.UNMAPPED,
                note=f"{type_.text() if type_ else 'A resource'}: {_addon_note(type_.text() if type_ else '')}",
            )
    for folder in workspace.overrides:
        yield Finding(
            file=folder,
            line=1,
            field="overrides",
            outcome=Outcome.UNMAPPED,
            note="It patches Copilot's CloudFormation templates. tierup:resourceOverrides replaces single arguments.",
        )


def _addon_note(type_: str) -> str:
    service = type_.removeprefix("AWS::")
    for prefix, note in (
        ("S3::Bucket", "keep the bucket, and allow it with <container>.permissions.buckets."),
        ("DynamoDB::Table", "keep the table, and allow it with <container>.permissions.tables."),
        ("SQS::", "keep the queue, and allow it with <container>.permissions.queues."),
        ("SNS::", "keep the topic, and allow it with <container>.permissions.statements."),
        ("ElastiCache::", "the stack has a cache from phase optimization on; its data is not copied."),
        ("RDS::", "the stack's database is MongoDB Atlas; keep the database, and pass its URL as a secret."),
        ("IAM::", "write its statements to <container>.permissions.statements."),
    ):
        if service.startswith(prefix):
            return note
    return "keep it in CloudFormation, or create it in a Pulumi program of your own."


# --- settings ---


def _required(draft: Draft) -> Sequence[Placeholder]:
    """Set what a stack requires and the workspace does not contain, and return the values that are placeholders."""
    options, placeholders = draft.options, list[Placeholder]()
    if options.api_domain is not None:
        draft.put(options.api_domain, "apiDomain")
    api_domain = draft.get("apiDomain")
    if options.domain is not None:
        draft.put(options.domain, "domain")
    elif draft.get("domain") is None:
        zone = str(api_domain).partition(".")[2] if str(api_domain or "").count(".") > 1 else api_domain
        domain = f"www.{zone}" if zone else f"{draft.environment}.example.com"
        draft.put(domain, "domain")
        placeholders.append(Placeholder(setting="tierup:domain", value=domain, option="--domain"))
    if api_domain is not None and draft.get("domain") == api_domain:
        _separate_names(draft, str(api_domain))
    for key, given, option in (
        ("alertEmail", options.alert_email, "--alert-email"),
        ("atlasOrgId", options.atlas_org_id, "--atlas-org-id"),
    ):
        draft.put(given or _PLACEHOLDERS[key], key)
        if given is None:
            placeholders.append(Placeholder(setting=f"tierup:{key}", value=_PLACEHOLDERS[key], option=option))
    if draft.phase is Phase.ENTERPRISE and options.tier is Tier.SMALL:
        draft.put(_SMALLEST_SHARDED, "sizeOverrides", "databaseInstanceSize")
    return placeholders


def _separate_names(draft: Draft, domain: str) -> None:
    """Give the API its default name below the site's, because the stack has two host names."""
    del draft.settings["apiDomain"]
    api = draft.api
    alias = api.manifest.at("http", "alias") if api else None
    if alias is not None:
        note = f"The site has the name {domain}, so the API is api.{domain}; set another one with --api-domain."
        _add(draft, alias, "http.alias", Outcome.DIFFERS, note=note)


def _accepted_config(draft: Draft) -> Mapping[str, Any]:
    """Return the settings by full key, as the program accepts them.

    The only setting that is fitted is the connection pool of a task, because more tasks than those of the tier need a
    smaller one.
    """
    pool = 100
    while True:
        config: dict[str, Any] = {"aws:region": draft.options.region}
        config |= {f"{NAMESPACE}:{key}": value for key, value in draft.settings.items()}
        try:
            parse_settings(
                {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()},
                draft.environment,
            )
        except RejectedSettingsError as error:
            if "sizeOverrides.databaseMaxPoolSize" not in str(error) or pool <= 5:
                raise
            pool = math.floor(pool * 0.75)
            draft.put(pool, "sizeOverrides", "databaseMaxPoolSize")
        else:
            return config
