"""Rules for the pods of a workload: what the API rejects, and what keeps its pods from starting.

The API accepts a workload whose pods cannot start. The provider then waits for it in vain and fails after the progress
deadline. The sandbox fails at once, with the event that the pods would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, BehaviourRule, Call, Rejection, Stage, first, located, rule, values_at
from .containers import PROBES, container_rules
from .formats import format_rule
from .objects import (
    CLAIM,
    CONFIG_MAP,
    FORBIDDEN,
    INVALID,
    NOT_FOUND,
    PRIORITY_CLASS,
    SECRET,
    SECRET_PROVIDER,
    SERVICE_ACCOUNT,
    SYSTEM_PRIORITIES,
    cluster_object,
    items,
    label_errors,
    label_name_error,
    mapping,
    neighbour,
)
from .pod_fields import NODE_TERMS, POD_TERMS, REQUIRED, pod_formats
from .pod_security import enforced_level, violations
from .quantities import amount
from .quota_use import QUOTA_KINDS, quota_errors
from .selectors import expression_errors, selector_errors, selector_rule
from .sources import docs, validation

_CORE = validation("core/validation/validation.go")
_SPREADS = ("DoNotSchedule", "ScheduleAnyway")


def pod_rules(template: str, *, restart: tuple[str, ...]) -> tuple[BehaviourRule, ...]:
    """Return the rules for the pods of a kind, whose template is at a path. `restart` has its restart policies.

    A Pod is its own template, at the path "".
    """
    prefix = f"{template}." if template else ""

    def spec_of(call: Call) -> Mapping[str, Any]:
        return mapping(first(values_at(call.inputs, f"{prefix}spec")))

    def is_known(call: Call) -> bool:
        return UNKNOWN not in (
            first(values_at(call.inputs, template)) if template else None,
            first(values_at(call.inputs, f"{prefix}spec")),
        )

    def containers(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for key in ("initContainers", "containers"):
            for index, each in enumerate(items(spec_of(call).get(key))):
                yield f"{prefix}spec.{key}[{index}]", mapping(each)

    @rule("pod-restart-policy", Stage.PLAN, source=_CORE)
    def restart_policy(call: Call) -> Iterator[Rejection]:
        policy = spec_of(call).get("restartPolicy", "Always")
        if policy is not UNKNOWN and policy not in restart:
            yield Rejection(
                f"{prefix}spec.restartPolicy",
                f"unsupported value (got '{policy}'). Supported values: {', '.join(restart)}.",
                INVALID,
            )

    @rule("pod-topology-spread", Stage.PLAN, source=docs("concepts/scheduling-eviction/topology-spread-constraints/"))
    def spread(call: Call) -> Iterator[Rejection]:
        pairs: list[tuple[Any, Any]] = []
        for index, each in enumerate(items(spec_of(call).get("topologySpreadConstraints"))):
            at, constraint = f"{prefix}spec.topologySpreadConstraints[{index}]", mapping(each)
            unsatisfiable = constraint.get("whenUnsatisfiable")
            if isinstance(unsatisfiable, str) and unsatisfiable not in _SPREADS:
                yield Rejection(
                    f"{at}.whenUnsatisfiable",
                    f"unsupported value (got '{unsatisfiable}'). Supported values: {', '.join(_SPREADS)}.",
                    INVALID,
                )
            selector = mapping(constraint.get("labelSelector"))
            yield from selector_errors(f"{at}.labelSelector", selector)
            keys = items(constraint.get("matchLabelKeys"))
            if keys and constraint.get("labelSelector") is None:
                yield Rejection(f"{at}.matchLabelKeys", "must not be set when labelSelector is not set.", FORBIDDEN)
            for key in sorted(set(mapping(selector.get("matchLabels"))) & {str(key) for key in keys}):
                yield Rejection(f"{at}.matchLabelKeys", f"it must not contain a key of the selector ({key}).", INVALID)
            if constraint.get("minDomains") is not None and unsatisfiable == "ScheduleAnyway":
                yield Rejection(f"{at}.minDomains", "it needs whenUnsatisfiable to be DoNotSchedule.", INVALID)
            pair = (constraint.get("topologyKey"), unsatisfiable)
            if UNKNOWN not in pair and pair in pairs:
                yield Rejection(at, f"duplicate value {pair[0]}, {pair[1]}.", INVALID)
            pairs.append(pair)

    @rule("pod-labels", Stage.PLAN, source=_CORE)
    def labels(call: Call) -> Iterator[Rejection]:
        for key, error in label_errors(first(values_at(call.inputs, f"{prefix}metadata.labels"))):
            yield Rejection(f"{prefix}metadata.labels.{key}", error, INVALID)

    @rule("pod-volumes", Stage.PLAN, source=_CORE)
    def volumes(call: Call) -> Iterator[Rejection]:
        taken: set[str] = set()
        for index, each in enumerate(items(spec_of(call).get("volumes"))):
            at, volume = f"{prefix}spec.volumes[{index}]", mapping(each)
            name, sources = volume.get("name"), [key for key in volume if key != "name" and volume[key] is not None]
            if isinstance(name, str):
                if error := label_name_error(name):
                    yield Rejection(f"{at}.name", error, INVALID)
                elif name in taken:
                    yield Rejection(f"{at}.name", f"duplicate value '{name}'.", INVALID)
                taken.add(name)
            if len(sources) > 1:
                yield Rejection(at, f"one source is allowed (got {' and '.join(sources)}).", FORBIDDEN)
            for key, required in (("secret", "secretName"), ("configMap", "name"), ("csi", "driver")):
                if isinstance(volume.get(key), Mapping) and required not in volume[key]:
                    yield Rejection(f"{at}.{key}.{required}", "it is required.", INVALID)
            limit = mapping(volume.get("emptyDir")).get("sizeLimit")
            if limit is not None and limit is not UNKNOWN and (amount(limit) is None or (amount(limit) or 0) < 0):
                yield Rejection(f"{at}.emptyDir.sizeLimit", f"not a quantity of 0 or more (got '{limit}').", INVALID)
            claim = volume.get("ephemeral")
            if isinstance(claim, Mapping) and claim.get("volumeClaimTemplate") is None:
                yield Rejection(f"{at}.ephemeral.volumeClaimTemplate", "it is required.", INVALID)

    @rule("pod-scheduling", Stage.PLAN, source=_CORE)
    def scheduling(call: Call) -> Iterator[Rejection]:
        spec = spec_of(call)
        for key, error in label_errors(spec.get("nodeSelector")):
            yield Rejection(f"{prefix}spec.nodeSelector.{key}", error, INVALID)
        for index, each in enumerate(items(spec.get("tolerations"))):
            at, toleration = f"{prefix}spec.tolerations[{index}]", mapping(each)
            if toleration.get("operator") == "Exists" and toleration.get("value"):
                yield Rejection(f"{at}.value", "it must be empty when the operator is Exists.", INVALID)
            seconds, effect = toleration.get("tolerationSeconds"), toleration.get("effect")
            if seconds is not None and effect not in ("NoExecute", UNKNOWN):
                yield Rejection(f"{at}.effect", "it must be NoExecute when tolerationSeconds is set.", INVALID)
            if (
                not toleration.get("key")
                and toleration.get("operator", "") in ("", "Equal")
                and UNKNOWN not in (toleration.get("key"), toleration.get("operator"))
            ):
                yield Rejection(f"{at}.operator", "it must be Exists when there is no key.", INVALID)
        terms = f"affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms"
        if first(values_at(spec, terms)) == []:
            yield Rejection(f"{prefix}spec.{terms}", "must have at least one node selector term.", INVALID)
        if spec.get("hostUsers") is False and spec.get("hostNetwork") is True:
            yield Rejection(f"{prefix}spec.hostNetwork", "when `hostUsers` is false, it must not be set.", FORBIDDEN)
        for path in NODE_TERMS:
            for at, each in located(call.inputs, f"{prefix}spec.{path}.matchFields[*].key"):
                if isinstance(each, str) and each != "metadata.name":
                    yield Rejection(at, f"not a valid field selector key (got '{each}').", INVALID)
            for at, each in located(call.inputs, f"{prefix}spec.{path}.matchExpressions[*]"):
                yield from expression_errors(at, mapping(each), numeric=True)

    @rule("pod-seccomp", Stage.PLAN, source=_CORE)
    def seccomp(call: Call) -> Iterator[Rejection]:
        for at, each in ((f"{prefix}spec", spec_of(call)), *containers(call)):
            profile = first(values_at(each, "securityContext.seccompProfile"))
            given = mapping(profile).get("localhostProfile")
            if mapping(profile).get("type") == "Localhost" and given is None:
                path = f"{at}.securityContext.seccompProfile.localhostProfile"
                yield Rejection(path, "must be set when seccomp type is Localhost.", INVALID)

    @rule("pod-dns", Stage.PLAN, source=_CORE)
    def dns(call: Call) -> Iterator[Rejection]:
        servers = first(values_at(spec_of(call), "dnsConfig.nameservers"))
        if spec_of(call).get("dnsPolicy") == "None" and servers in (None, []):
            yield Rejection(f"{prefix}spec.dnsConfig.nameservers", "it is required when dnsPolicy is None.", INVALID)

    @rule("pod-host-ports", Stage.PLAN, source=_CORE)
    def host_ports(call: Call) -> Iterator[Rejection]:
        in_host_network = spec_of(call).get("hostNetwork") is True
        taken: set[tuple[Any, Any, Any]] = set()
        for at, container in containers(call):
            for index, each in enumerate(items(container.get("ports"))):
                port, path = mapping(each), f"{at}.ports[{index}]"
                host, own = port.get("hostPort"), port.get("containerPort")
                one = (host, port.get("protocol"), port.get("hostIP"))
                if host and UNKNOWN not in one and one in taken:
                    yield Rejection(f"{path}.hostPort", f"duplicate value {host:g}.", INVALID)
                taken.add(one)
                if in_host_network and host and UNKNOWN not in (host, own) and host != own:
                    yield Rejection(f"{path}.containerPort", "it must match hostPort.", INVALID)

    @rule("pod-init-containers", Stage.PLAN, source=_CORE)
    def init_containers(call: Call) -> Iterator[Rejection]:
        for index, each in enumerate(items(spec_of(call).get("initContainers"))):
            if mapping(each).get("restartPolicy") == "Always":
                continue  # a sidecar
            for name in ("lifecycle", *PROBES):
                if mapping(each).get(name) is not None:
                    yield Rejection(
                        f"{prefix}spec.initContainers[{index}].{name}",
                        "must not be set for init containers without restartPolicy=Always.",
                        FORBIDDEN,
                    )

    @rule("pod-deadline", Stage.PLAN, source=validation("apps/validation/validation.go"))
    def deadline(call: Call) -> Iterator[Rejection]:
        if restart == ("Always",) and spec_of(call).get("activeDeadlineSeconds") is not None:
            yield Rejection(f"{prefix}spec.activeDeadlineSeconds", "pods that run always have none.", FORBIDDEN)

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
                f"{prefix}spec",
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
        yield from _account(call, spec_of(call), f"{prefix}spec")
        yield from _priority(call, spec_of(call), f"{prefix}spec")
        yield from _volume_sources(call, spec_of(call), f"{prefix}spec")
        written = _written_secrets(call, spec_of(call))
        for at, container in containers(call):
            yield from _probed_ports(container, at)
            yield from _whole_sources(call, container, at, written)
            for index, variable in enumerate(items(container.get("env"))):
                yield from _variable(call, mapping(variable), f"{at}.env[{index}]", written)

    @rule("pod-quota", Stage.CREATE, Stage.UPDATE, source=docs("concepts/policy/resource-quotas/"))
    def quota(call: Call) -> Iterator[Rejection]:
        if call.type in QUOTA_KINDS:
            yield from quota_errors(call, f"{prefix}spec")

    return (
        restart_policy,
        *container_rules(containers, spec_of, is_known),
        format_rule(pod_formats(template), _CORE),
        selector_rule(
            *(
                f"{prefix}spec.{term}.{selector}"
                for term in POD_TERMS
                for selector in ("labelSelector", "namespaceSelector")
            )
        ),
        spread,
        labels,
        volumes,
        scheduling,
        seccomp,
        dns,
        host_ports,
        init_containers,
        deadline,
        security,
        references,
        quota,
    )


def _probed_ports(container: Mapping[str, Any], at: str) -> Iterator[Rejection]:
    names = {mapping(port).get("name") for port in items(container.get("ports"))}
    for probe in PROBES:
        for handler, each in mapping(container.get(probe)).items():
            port = mapping(each).get("port")
            if isinstance(port, str) and port not in names:
                message = f"no pod becomes ready: the container has no port '{port}'."
                yield Rejection(f"{at}.{probe}.{handler}.port", message, NOT_FOUND)


def _account(call: Call, spec: Mapping[str, Any], at: str) -> Iterator[Rejection]:
    name = spec.get("serviceAccountName", "default")
    if name != "default" and neighbour(call, SERVICE_ACCOUNT, name) is None:
        yield Rejection(
            f"{at}.serviceAccountName",
            f'no pod starts: pods are forbidden: error looking up service account: serviceaccount "{name}" not found',
            FORBIDDEN,
        )


def _priority(call: Call, spec: Mapping[str, Any], at: str) -> Iterator[Rejection]:
    name = spec.get("priorityClassName")
    if not name or name in SYSTEM_PRIORITIES:
        return
    if cluster_object(call, PRIORITY_CLASS, name) is None:
        yield Rejection(
            f"{at}.priorityClassName",
            f"no pod starts: pods are forbidden: no PriorityClass with name {name} was found",
            FORBIDDEN,
            retried=True,
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
        claim = first(values_at(volume, "persistentVolumeClaim.claimName"))
        if claim is not None and neighbour(call, CLAIM, claim) is None:
            yield Rejection(
                f"{path}.persistentVolumeClaim.claimName",
                f'no pod starts: FailedScheduling: persistentvolumeclaim "{claim}" not found',
                NOT_FOUND,
                retried=True,
            )
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


def _whole_sources(
    call: Call, container: Mapping[str, Any], at: str, written: Mapping[Any, frozenset[Any]]
) -> Iterator[Rejection]:
    for index, each in enumerate(items(container.get("envFrom"))):
        for key, token, word in (("secretRef", SECRET, "secret"), ("configMapRef", CONFIG_MAP, "configmap")):
            reference = mapping(mapping(each).get(key))
            name = reference.get("name")
            if not reference or reference.get("optional") is True or (token == SECRET and name in written):
                continue
            if neighbour(call, token, name) is None:
                yield Rejection(
                    f"{at}.envFrom[{index}].{key}.name",
                    f'no pod starts: CreateContainerConfigError: {word} "{name}" not found',
                    NOT_FOUND,
                )


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
