"""Rules for the containers of a pod: names, images, variables, ports, probes and mounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, BehaviourRule, Call, Rejection, Stage, first, rule, values_at
from .objects import INVALID, NOT_FOUND, items, label_name_error, mapping
from .ports import port_error, port_name_error
from .quantities import amount
from .sources import docs, validation

Containers = Callable[[Call], Iterator[tuple[str, Mapping[str, Any]]]]
"""Returns the path and the inputs of each container of a call, init containers first."""

_CORE = validation("core/validation/validation.go")
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_HOOKS = ("exec", "httpGet", "sleep", "tcpSocket")
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_FIELD_PATHS = frozenset(
    {
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    }
)  # fmt: skip
_SUBSCRIPT = re.compile(r"metadata\.(labels|annotations)\['.+'\]")
_RESOURCES = frozenset({"cpu", "memory", "ephemeral-storage"})
_GRACE_SECONDS = 30  # the default of terminationGracePeriodSeconds


def container_rules(
    containers: Containers, spec_of: Callable[[Call], Mapping[str, Any]], is_known: Callable[[Call], bool]
) -> tuple[BehaviourRule, ...]:
    """Return the rules for the containers of a pod, whose spec `spec_of` returns if `is_known`."""

    @rule("container-names", Stage.PLAN, source=_CORE)
    def names(call: Call) -> Iterator[Rejection]:
        spec = spec_of(call)
        if not items(spec.get("containers")) and spec.get("containers") is not UNKNOWN and is_known(call):
            yield Rejection("containers", "it is required.", INVALID)
        taken: set[str] = set()
        for at, container in containers(call):
            name, image = container.get("name"), container.get("image")
            if isinstance(name, str):
                if error := label_name_error(name):
                    yield Rejection(f"{at}.name", error, INVALID)
                elif name in taken:
                    yield Rejection(f"{at}.name", f"duplicate value '{name}'.", INVALID)
                taken.add(name)
            if image is None or (isinstance(image, str) and not image):
                yield Rejection(f"{at}.image", "it is required.", INVALID)
            elif isinstance(image, str) and image != image.strip():
                yield Rejection(f"{at}.image", "it must not begin or end with a space.", INVALID)

    @rule("container-environment", Stage.PLAN, source=_CORE)
    def environment(call: Call) -> Iterator[Rejection]:
        for at, container in containers(call):
            for index, each in enumerate(items(container.get("env"))):
                yield from _variable_errors(f"{at}.env[{index}]", mapping(each))
            for index, each in enumerate(items(container.get("envFrom"))):
                given = [key for key in ("configMapRef", "secretRef") if mapping(each).get(key) is not None]
                if len(given) != 1 and each is not UNKNOWN:
                    got = " and ".join(given) or "none"
                    yield Rejection(
                        f"{at}.envFrom[{index}]",
                        f"one source is required (got {got}): configMapRef, secretRef.",
                        INVALID,
                    )
                for key in given:
                    if "name" not in mapping(each)[key] and mapping(each)[key] is not UNKNOWN:
                        yield Rejection(f"{at}.envFrom[{index}].{key}.name", "it is required.", INVALID)

    @rule("container-ports", Stage.PLAN, source=_CORE)
    def ports(call: Call) -> Iterator[Rejection]:
        for at, container in containers(call):
            taken: set[str] = set()
            for index, each in enumerate(items(container.get("ports"))):
                name = mapping(each).get("name")
                if not isinstance(name, str) or not name:
                    continue
                if error := port_name_error(name):
                    yield Rejection(f"{at}.ports[{index}].name", error, INVALID)
                elif name in taken:
                    yield Rejection(f"{at}.ports[{index}].name", f"duplicate value '{name}'.", INVALID)
                taken.add(name)

    @rule("container-resources", Stage.PLAN, source=docs("concepts/configuration/manage-resources-containers/"))
    def resources(call: Call) -> Iterator[Rejection]:
        for at, container in containers(call):
            yield from _resource_errors(f"{at}.resources", mapping(container.get("resources")))

    @rule("container-probes", Stage.PLAN, source=_CORE)
    def probes(call: Call) -> Iterator[Rejection]:
        for at, container in containers(call):
            for name in PROBES:
                if name in container and container[name] is not UNKNOWN and container[name] is not None:
                    yield from _probe_errors(f"{at}.{name}", name, mapping(container[name]))

    @rule("container-stop", Stage.PLAN, source=_CORE)
    def stop(call: Call) -> Iterator[Rejection]:
        grace = spec_of(call).get("terminationGracePeriodSeconds", _GRACE_SECONDS)
        for at, container in containers(call):
            for name, each in mapping(container.get("lifecycle")).items():
                path, hook = f"{at}.lifecycle.{name}", mapping(each)
                given = [handler for handler in _HOOKS if hook.get(handler) is not None]
                if each is not None and each is not UNKNOWN and len(given) != 1:
                    got = " and ".join(given) or "none"
                    yield Rejection(path, f"one handler is required (got {got}): {', '.join(_HOOKS)}.", INVALID)
                yield from _command_errors(path, hook)
                seconds = first(values_at(hook, "sleep.seconds"))
                if isinstance(seconds, (int, float)) and isinstance(grace, (int, float)) and not 0 <= seconds <= grace:
                    yield Rejection(
                        f"{path}.sleep.seconds",
                        f"out of range (got {seconds:g}). Allowed are 0 to the terminationGracePeriodSeconds of "
                        f"{grace:g}.",
                        INVALID,
                    )

    @rule("container-mounts", Stage.PLAN, source=_CORE)
    def mounts(call: Call) -> Iterator[Rejection]:
        volumes = {mapping(volume).get("name") for volume in items(spec_of(call).get("volumes"))}
        # The controller of a StatefulSet adds a volume for each claim, with its name.
        volumes |= set(values_at(call.inputs, "spec.volumeClaimTemplates[*].metadata.name"))
        unknown = UNKNOWN in volumes or spec_of(call).get("volumes") is UNKNOWN
        for at, container in containers(call):
            taken: set[str] = set()
            for index, each in enumerate(items(container.get("volumeMounts"))):
                path, mount = f"{at}.volumeMounts[{index}]", mapping(each)
                name, target, part = mount.get("name"), mount.get("mountPath"), mount.get("subPath")
                if isinstance(name, str) and name not in volumes and not unknown:
                    yield Rejection(f"{path}.name", f"the pod has no volume '{name}'.", NOT_FOUND)
                if isinstance(target, str):
                    if target in taken:
                        yield Rejection(f"{path}.mountPath", f"it must be unique (got '{target}').", INVALID)
                    taken.add(target)
                if isinstance(part, str) and (part.startswith("/") or ".." in part.split("/")):
                    yield Rejection(f"{path}.subPath", f"it must be a path below the volume (got '{part}').", INVALID)

    @rule("container-security-context", Stage.PLAN, source=_CORE)
    def security_context(call: Call) -> Iterator[Rejection]:
        hosts_users = spec_of(call).get("hostUsers", True)
        for at, container in containers(call):
            own = mapping(container.get("securityContext"))
            if own.get("allowPrivilegeEscalation") is False:
                if own.get("privileged") is True:
                    yield Rejection(
                        f"{at}.securityContext",
                        "allowPrivilegeEscalation must not be false when privileged is true.",
                        INVALID,
                    )
                if "CAP_SYS_ADMIN" in items(mapping(own.get("capabilities")).get("add")):
                    yield Rejection(
                        f"{at}.securityContext",
                        "allowPrivilegeEscalation must not be false with the capability CAP_SYS_ADMIN.",
                        INVALID,
                    )
            if own.get("procMount") == "Unmasked" and hosts_users is True:
                yield Rejection(f"{at}.securityContext.procMount", "Unmasked needs hostUsers to be false.", INVALID)

    return (names, environment, ports, resources, probes, stop, mounts, security_context)


def _variable_errors(at: str, variable: Mapping[str, Any]) -> Iterator[Rejection]:
    name, value, source = variable.get("name"), variable.get("value"), variable.get("valueFrom")
    if isinstance(name, str) and (not name or "=" in name or not name.isascii() or not name.isprintable()):
        yield Rejection(f"{at}.name", f"invalid name (got '{name}'). Allowed is printable ASCII except '='.", INVALID)
    if source is None or source is UNKNOWN:
        return
    given = [key for key in _SOURCES if mapping(source).get(key) is not None]
    if len(given) != 1:
        got = " and ".join(given) or "none"
        yield Rejection(f"{at}.valueFrom", f"one source is required (got {got}): {', '.join(_SOURCES)}.", INVALID)
    elif value:
        yield Rejection(f"{at}.valueFrom", "it must not be set with a value.", INVALID)
    path = mapping(mapping(source).get("fieldRef")).get("fieldPath")
    if isinstance(path, str) and path not in _FIELD_PATHS and not _SUBSCRIPT.fullmatch(path):
        yield Rejection(f"{at}.valueFrom.fieldRef.fieldPath", f"unsupported value (got '{path}').", INVALID)
    resource = mapping(mapping(source).get("resourceFieldRef")).get("resource")
    if isinstance(resource, str):
        part, _, rest = resource.partition(".")
        if part not in ("limits", "requests") or not (rest in _RESOURCES or rest.startswith("hugepages-")):
            yield Rejection(
                f"{at}.valueFrom.resourceFieldRef.resource", f"unsupported value (got '{resource}').", INVALID
            )
    for key in ("configMapKeyRef", "secretKeyRef"):
        for part in ("name", "key"):
            if isinstance(mapping(source).get(key), Mapping) and part not in mapping(source)[key]:
                yield Rejection(f"{at}.valueFrom.{key}.{part}", "it is required.", INVALID)


def _resource_errors(at: str, resources: Mapping[str, Any]) -> Iterator[Rejection]:
    limits = mapping(resources.get("limits"))
    for part in ("limits", "requests"):
        for name, quantity in mapping(resources.get(part)).items():
            if "/" not in name and name not in _RESOURCES and not name.startswith("hugepages-"):
                yield Rejection(
                    f"{at}.{part}.{name}",
                    f"not a resource of containers (got '{name}'). Allowed are {', '.join(sorted(_RESOURCES))}, "
                    "hugepages-<size>, and names with a domain.",
                    INVALID,
                )
            if quantity is UNKNOWN:
                continue
            size = amount(quantity)
            if size is None:
                yield Rejection(
                    f"{at}.{part}.{name}", f"not a quantity (got '{quantity}'). Use the form 500m or 512Mi.", INVALID
                )
            elif size < 0:
                yield Rejection(f"{at}.{part}.{name}", f"negative (got {quantity}). Set 0 or more.", INVALID)
            elif "/" in name and size != int(size):
                yield Rejection(f"{at}.{part}.{name}", f"must be an integer (got {quantity}).", INVALID)
    for name, requested in mapping(resources.get("requests")).items():
        wanted, limit = amount(requested), amount(limits.get(name))
        fixed = name.startswith("hugepages-") or "/" in name
        if fixed and wanted is not None and limit is not None and wanted < limit:
            yield Rejection(f"{at}.requests.{name}", f"it must be equal to the limit (got {requested}).", INVALID)
        if wanted is not None and limit is not None and wanted > limit:
            yield Rejection(
                f"{at}.requests.{name}",
                f"more than the limit (got {requested}). It must be at most {limits[name]}.",
                INVALID,
            )


def _probe_errors(at: str, name: str, probe: Mapping[str, Any]) -> Iterator[Rejection]:
    given = [handler for handler in _HANDLERS if probe.get(handler) is not None]
    if len(given) != 1:
        got = " and ".join(given) or "none"
        yield Rejection(at, f"one handler is required (got {got}): {', '.join(_HANDLERS)}.", INVALID)
        return
    yield from _command_errors(at, probe)
    if error := port_error(mapping(probe[given[0]]).get("port")):
        yield Rejection(f"{at}.{given[0]}.port", error, INVALID)
    if name != "readinessProbe" and probe.get("successThreshold", 1) not in (0, 1, UNKNOWN):
        yield Rejection(f"{at}.successThreshold", f"must be 1 (got {probe['successThreshold']:g}).", INVALID)
    if name == "readinessProbe" and probe.get("terminationGracePeriodSeconds") is not None:
        yield Rejection(f"{at}.terminationGracePeriodSeconds", "must not be set for readiness probes.", INVALID)


def _command_errors(at: str, handler: Mapping[str, Any]) -> Iterator[Rejection]:
    command = handler.get("exec")
    if isinstance(command, Mapping) and not command.get("command") and command.get("command") is not UNKNOWN:
        yield Rejection(f"{at}.exec.command", "it is required.", INVALID)
