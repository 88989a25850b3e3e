"""Rules for the pods of a workload: what the API rejects, and what keeps its pods from starting.

The API accepts a workload whose pods cannot start. The provider then waits for it in vain and fails after the progress
deadline. The sandbox fails at once, with the event that the pods would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, BehaviourRule, Call, Rejection, Stage, first, rule, values_at
from .objects import (
    CONFIG_MAP,
    FORBIDDEN,
    INVALID,
    NOT_FOUND,
    SECRET,
    SECRET_PROVIDER,
    SERVICE_ACCOUNT,
    items,
    label_errors,
    mapping,
    neighbour,
)
from .pod_security import enforced_level, violations
from .quantities import amount
from .sources import docs, validation

_CORE = validation("core/validation/validation.go")
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_SPREADS = ("DoNotSchedule", "ScheduleAnyway")
_GRACE_SECONDS = 30  # the default of terminationGracePeriodSeconds


def pod_rules(template: str, *, restart: tuple[str, ...]) -> tuple[BehaviourRule, ...]:
    """Return the rules for the pods of a kind, whose template is at a path. `restart` has its restart policies."""

    def spec_of(call: Call) -> Mapping[str, Any]:
        return mapping(first(values_at(call.inputs, f"{template}.spec")))

    def containers(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for key in ("initContainers", "containers"):
            for index, each in enumerate(items(spec_of(call).get(key))):
                yield f"{template}.spec.{key}[{index}]", mapping(each)

    @rule("pod-restart-policy", Stage.PLAN, source=_CORE)
    def restart_policy(call: Call) -> Iterator[Rejection]:
        policy = spec_of(call).get("restartPolicy", "Always")
        if policy is not UNKNOWN and policy not in restart:
            yield Rejection(
                f"{template}.spec.restartPolicy",
                f"unsupported value (got '{policy}'). Supported values: {', '.join(restart)}.",
                INVALID,
            )

    @rule("container-resources", Stage.PLAN, source=docs("concepts/configuration/manage-resources-containers/"))
    def resources(call: Call) -> Iterator[Rejection]:
        for at, container in containers(call):
            given = mapping(container.get("resources"))
            limits = mapping(given.get("limits"))
            for part in ("limits", "requests"):
                for name, quantity in mapping(given.get(part)).items():
                    if quantity is not UNKNOWN and amount(quantity) is None:
                        yield Rejection(
                            f"{at}.resources.{part}.{name}",
                            f"not a quantity (got '{quantity}'). Use the form 500m or 512Mi.",
                            INVALID,
                        )
            for name, requested in mapping(given.get("requests")).items():
                wanted, limit = amount(requested), amount(limits.get(name))
                if wanted is not None and limit is not None and wanted > limit:
                    yield Rejection(
                        f"{at}.resources.requests.{name}",
                        f"more than the limit (got {requested}). It must be at most {limits[name]}.",
                        INVALID,
                    )

    @rule("container-probes", Stage.PLAN, source=_CORE)
    def probes(call: Call) -> Iterator[Rejection]:
        for at, container in containers(call):
            names = {mapping(port).get("name") for port in items(container.get("ports"))}
            for probe in _PROBES:
                if probe not in container or container[probe] is UNKNOWN:
                    continue
                given = [handler for handler in _HANDLERS if handler in mapping(container[probe])]
                if len(given) != 1:
                    got = " and ".join(given) or "none"
                    allowed = ", ".join(_HANDLERS)
                    yield Rejection(f"{at}.{probe}", f"one handler is required (got {got}): {allowed}.", INVALID)
                    continue
                port = mapping(mapping(container[probe])[given[0]]).get("port")
                if isinstance(port, str) and not port.isdigit() and port not in names:
                    yield Rejection(f"{at}.{probe}.{given[0]}.port", f"the container has no port '{port}'.", INVALID)

    @rule("container-stop", Stage.PLAN, source=_CORE)
    def stop(call: Call) -> Iterator[Rejection]:
        grace = spec_of(call).get("terminationGracePeriodSeconds", _GRACE_SECONDS)
        for at, container in containers(call):
            seconds = first(values_at(container, "lifecycle.preStop.sleep.seconds"))
            if isinstance(seconds, (int, float)) and isinstance(grace, (int, float)) and not 0 <= seconds <= grace:
                yield Rejection(
                    f"{at}.lifecycle.preStop.sleep.seconds",
                    f"out of range (got {seconds:g}). Allowed are 0 to the terminationGracePeriodSeconds of {grace:g}.",
                    INVALID,
                )

    @rule("pod-topology-spread", Stage.PLAN, source=docs("concepts/scheduling-eviction/topology-spread-constraints/"))
    def spread(call: Call) -> Iterator[Rejection]:
        for index, each in enumerate(items(spec_of(call).get("topologySpreadConstraints"))):
            at, constraint = f"{template}.spec.topologySpreadConstraints[{index}]", mapping(each)
            skew, unsatisfiable = constraint.get("maxSkew"), constraint.get("whenUnsatisfiable")
            if isinstance(skew, (int, float)) and skew < 1:
                yield Rejection(f"{at}.maxSkew", f"not above 0 (got {skew:g}). Set 1 or more.", INVALID)
            if isinstance(unsatisfiable, str) and unsatisfiable not in _SPREADS:
                yield Rejection(
                    f"{at}.whenUnsatisfiable",
                    f"unsupported value (got '{unsatisfiable}'). Supported values: {', '.join(_SPREADS)}.",
                    INVALID,
                )
            if constraint.get("matchLabelKeys") and not constraint.get("labelSelector"):
                yield Rejection(f"{at}.matchLabelKeys", "must not be set when labelSelector is not set.", FORBIDDEN)

    @rule("pod-labels", Stage.PLAN, source=_CORE)
    def labels(call: Call) -> Iterator[Rejection]:
        for key, error in label_errors(first(values_at(call.inputs, f"{template}.metadata.labels"))):
            yield Rejection(f"{template}.metadata.labels.{key}", error, INVALID)

    @rule("pod-volumes", Stage.PLAN, source=_CORE)
    def volumes(call: Call) -> Iterator[Rejection]:
        names = {mapping(volume).get("name") for volume in items(spec_of(call).get("volumes"))}
        for at, container in containers(call):
            for index, mount in enumerate(items(container.get("volumeMounts"))):
                name = mapping(mount).get("name")
                if isinstance(name, str) and name not in names and UNKNOWN not in names:
                    yield Rejection(f"{at}.volumeMounts[{index}].name", f"the pod has no volume '{name}'.", NOT_FOUND)

    @rule(
        "pod-security",
        Stage.CREATE,
        Stage.UPDATE,
        source=docs("concepts/security/pod-security-admission/"),
    )
    def security(call: Call) -> Iterator[Rejection]:
        level = enforced_level(call)
        if found := violations(spec_of(call), level):
            yield Rejection(
                f"{template}.spec",
                f'no pod starts: pods are forbidden: violates PodSecurity "{level}:latest": {", ".join(found)}',
                FORBIDDEN,
            )

    @rule(
        "pod-references",
        Stage.CREATE,
        Stage.UPDATE,
        source=docs("tasks/configure-pod-container/configure-service-account/"),
    )
    def references(call: Call) -> Iterator[Rejection]:
        yield from _account(call, spec_of(call), f"{template}.spec")
        yield from _volume_sources(call, spec_of(call), f"{template}.spec")
        written = _written_secrets(call, spec_of(call))
        for at, container in containers(call):
            for index, variable in enumerate(items(container.get("env"))):
                yield from _variable(call, mapping(variable), f"{at}.env[{index}]", written)

    return (restart_policy, resources, probes, stop, spread, labels, volumes, security, references)


def _account(call: Call, spec: Mapping[str, Any], at: str) -> Iterator[Rejection]:
    name = spec.get("serviceAccountName", "default")
    if name != "default" and neighbour(call, SERVICE_ACCOUNT, name) is None:
        yield Rejection(
            f"{at}.serviceAccountName",
            f'no pod starts: pods are forbidden: error looking up service account: serviceaccount "{name}" not found',
            FORBIDDEN,
        )


def _volume_sources(call: Call, spec: Mapping[str, Any], at: str) -> Iterator[Rejection]:
    for index, each in enumerate(items(spec.get("volumes"))):
        volume, path = mapping(each), f"{at}.volumes[{index}]"
        wanted = (
            ("configMap.name", CONFIG_MAP, "configmap", mapping(volume.get("configMap"))),
            ("secret.secretName", SECRET, "secret", mapping(volume.get("secret"))),
        )
        for key, token, word, source in wanted:
            name = first(values_at(volume, key))
            if name is not None and source.get("optional") is not True and neighbour(call, token, name) is None:
                yield Rejection(f"{path}.{key}", f'no pod starts: {word} "{name}" not found', NOT_FOUND)
        provider = _provider_class(volume)
        if provider is not None and neighbour(call, SECRET_PROVIDER, provider) is None:
            yield Rejection(
                f"{path}.csi.volumeAttributes.secretProviderClass",
                f'no pod starts: FailedMount: secretproviderclass "{provider}" not found',
                NOT_FOUND,
            )


def _provider_class(volume: Mapping[str, Any]) -> Any:
    csi = mapping(volume.get("csi"))
    if csi.get("driver") != "secrets-store.csi.k8s.io":
        return None
    return mapping(csi.get("volumeAttributes")).get("secretProviderClass")


def _written_secrets(call: Call, spec: Mapping[str, Any]) -> Mapping[Any, frozenset[Any]]:
    """Return the keys of each Secret that the CSI driver writes when a pod mounts its volumes, by name."""
    written: dict[Any, frozenset[Any]] = {}
    for volume in items(spec.get("volumes")):
        found = neighbour(call, SECRET_PROVIDER, _provider_class(mapping(volume)))
        for secret in items(mapping(found.inputs.get("spec")).get("secretObjects")) if found is not None else ():
            keys = frozenset(mapping(entry).get("key") for entry in items(mapping(secret).get("data")))
            written[mapping(secret).get("secretName")] = keys
    return written


def _variable(
    call: Call, variable: Mapping[str, Any], at: str, written: Mapping[Any, frozenset[Any]]
) -> Iterator[Rejection]:
    source = mapping(variable.get("valueFrom"))
    for key, token, word in (("secretKeyRef", SECRET, "secret"), ("configMapKeyRef", CONFIG_MAP, "configmap")):
        reference = mapping(source.get(key))
        name, entry = reference.get("name"), reference.get("key")
        if not reference or reference.get("optional") is True:
            continue
        if token == SECRET and name in written:
            known = written[name]
        else:
            found = neighbour(call, token, name)
            if found is None:
                message = f'no pod starts: CreateContainerConfigError: {word} "{name}" not found'
                yield Rejection(f"{at}.valueFrom.{key}.name", message, NOT_FOUND)
                continue
            parts = ("data", "stringData", "binaryData")
            known = frozenset(key for part in parts for key in mapping(found.inputs.get(part)))
        if entry not in known:
            yield Rejection(
                f"{at}.valueFrom.{key}.key",
                f"no pod starts: CreateContainerConfigError: couldn't find key {entry} in {word} {name}",
                NOT_FOUND,
            )
