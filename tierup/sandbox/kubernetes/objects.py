"""What all Kubernetes objects have in common: names, namespaces, labels, ids and replacements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    BehaviourRule,
    Call,
    Rejection,
    Source,
    Stage,
    digest,
    first,
    rule,
    values_at,
)
from ..cloud import CloudResource
from .sources import FORCE_NEW, docs, provider

NAMESPACE = "kubernetes:core/v1:Namespace"
SERVICE_ACCOUNT = "kubernetes:core/v1:ServiceAccount"
SERVICE = "kubernetes:core/v1:Service"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
SECRET = "kubernetes:core/v1:Secret"  # noqa: S105
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
POD = "kubernetes:core/v1:Pod"
QUOTA = "kubernetes:core/v1:ResourceQuota"
LIMIT_RANGE = "kubernetes:core/v1:LimitRange"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
PRIORITY_CLASS = "kubernetes:scheduling.k8s.io/v1:PriorityClass"
SECRET_PROVIDER = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"  # noqa: S105

INVALID = "Invalid"
FORBIDDEN = "Forbidden"
NOT_FOUND = "NotFound"

SYSTEM_PRIORITIES = frozenset({"system-cluster-critical", "system-node-critical"})
"""The priority classes that each cluster has."""
_OWN_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SERVICE_NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
_LABEL_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_LONGEST_LABEL = 63
_LONGEST_SUBDOMAIN = 253
_LONGEST_CRON_JOB = 52
_LARGEST_ANNOTATIONS = 262_144  # bytes of the keys and values of an object
_NAMES_SOURCE = docs("concepts/overview/working-with-objects/names/")
_LABELS_SOURCE = docs("concepts/overview/working-with-objects/labels/#syntax-and-character-set")

_ANY_PATH_SEGMENT = (re.compile(r"(?!\.{1,2}$)[^/%]+"), _LONGEST_SUBDOMAIN, "characters except '/' and '%'")
_SHAPES: Mapping[str, tuple[re.Pattern[str], int, str]] = {
    **dict.fromkeys(
        ("ClusterRole", "ClusterRoleBinding", "PodDisruptionBudget", "Role", "RoleBinding"), _ANY_PATH_SEGMENT
    ),
    "Namespace": (_LABEL, _LONGEST_LABEL, "lower-case letters, digits and '-'"),
    "Service": (_SERVICE_NAME, _LONGEST_LABEL, "lower-case letters, digits and '-', with a letter first"),
    "Job": (_SUBDOMAIN, _LONGEST_LABEL, "lower-case letters, digits, '-' and '.'"),
    "CronJob": (_SUBDOMAIN, _LONGEST_CRON_JOB, "lower-case letters, digits, '-' and '.'"),
    "StatefulSet": (_LABEL, _LONGEST_LABEL, "lower-case letters, digits and '-'"),
}
_OTHER_SHAPE = (_SUBDOMAIN, _LONGEST_SUBDOMAIN, "lower-case letters, digits, '-' and '.'")


def kind_of(token: str) -> str:
    """Return the kind in a type token: "Deployment"."""
    return token.rpartition(":")[2]


def namespace_of(values: Mapping[str, Any]) -> Any:
    """Return the namespace of an object, which is `default` if it has none; it may be UNKNOWN."""
    metadata = values.get("metadata")
    if metadata is UNKNOWN:
        return UNKNOWN
    return (metadata or {}).get("namespace") or "default"


def name_of(values: Mapping[str, Any]) -> Any:
    """Return the name of an object; it may be UNKNOWN."""
    metadata = values.get("metadata")
    return UNKNOWN if metadata is UNKNOWN else (metadata or {}).get("name")


def neighbour(call: Call, token: str, name: Any) -> CloudResource | None:
    """Return the object of a type with a name in the namespace of a call, or None."""
    namespace = namespace_of(call.inputs)
    for found in call.cloud.find(token):
        if name_of(found.inputs) == name and namespace_of(found.inputs) == namespace:
            return found
    return None


def cluster_object(call: Call, token: str, name: Any) -> CloudResource | None:
    """Return the object of a type that is in no namespace by its name, or None."""
    return next((found for found in call.cloud.find(token) if name_of(found.inputs) == name), None)


def namespace(call: Call) -> CloudResource | None:
    """Return the namespace of a call, or None."""
    return cluster_object(call, NAMESPACE, namespace_of(call.inputs))


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a value if it is an object, else an empty one: it may be absent or UNKNOWN."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:
    """Return a value if it is a list, else an empty one: it may be absent or UNKNOWN."""
    return value if isinstance(value, list) else []


def label_errors(labels: Any) -> Iterator[tuple[str, str]]:
    """Yield the key and the error of each invalid label."""
    for key, value in mapping(labels).items():
        if error := key_error(key):
            yield key, error
        if isinstance(value, str) and (len(value) > _LONGEST_LABEL or not _LABEL_VALUE.fullmatch(value)):
            yield key, f"the value is invalid (got '{value}'). Allowed are 63 letters, digits, '-', '_' and '.'."


def key_error(key: str) -> str | None:
    """Return the error of the key of a label or annotation, or None if it is valid."""
    prefix, slash, name = key.rpartition("/")
    if len(name) > _LONGEST_LABEL or not _LABEL_NAME.fullmatch(name):
        return f"the key is invalid (got '{key}'). Allowed are 63 letters, digits, '-', '_' and '.'."
    if slash and (len(prefix) > _LONGEST_SUBDOMAIN or not _SUBDOMAIN.fullmatch(prefix)):
        return f"the prefix of the key is no DNS subdomain (got '{prefix}')."
    return None


def label_name_error(name: str) -> str | None:
    """Return the error of a name that must be a DNS label, or None if it is valid."""
    if len(name) <= _LONGEST_LABEL and _LABEL.fullmatch(name):
        return None
    return f"invalid name (got '{name}'). Allowed are {_LONGEST_LABEL} lower-case letters, digits and '-'."


def subdomain_error(name: str) -> str | None:
    """Return the error of a name that must be a DNS subdomain, or None if it is valid."""
    if len(name) <= _LONGEST_SUBDOMAIN and _SUBDOMAIN.fullmatch(name):
        return None
    return f"invalid name (got '{name}'). Allowed are {_LONGEST_SUBDOMAIN} lower-case letters, digits, '-' and '.'."


@rule("object-name", Stage.PLAN, source=_NAMES_SOURCE)
def object_name(call: Call) -> Iterator[Rejection]:
    """Reject names that are longer than their kind allows, or no DNS names."""
    name = name_of(call.inputs)
    pattern, longest, allowed = _SHAPES.get(kind_of(call.type), _OTHER_SHAPE)
    if isinstance(name, str) and (len(name) > longest or not pattern.fullmatch(name)):
        yield Rejection(
            "metadata.name",
            f"invalid name (got '{name}', {len(name)} characters). Allowed are {longest} {allowed}.",
            INVALID,
        )


@rule("object-labels", Stage.PLAN, source=_LABELS_SOURCE)
def object_labels(call: Call) -> Iterator[Rejection]:
    """Reject invalid labels."""
    for key, error in label_errors(mapping(call.inputs.get("metadata")).get("labels")):
        yield Rejection(f"metadata.labels.{key}", error, INVALID)


@rule("object-annotations", Stage.PLAN, source=docs("concepts/overview/working-with-objects/annotations/"))
def object_annotations(call: Call) -> Iterator[Rejection]:
    """Reject invalid keys of annotations, and annotations that are too long."""
    size = 0
    for key, value in mapping(mapping(call.inputs.get("metadata")).get("annotations")).items():
        size += len(key) + (len(value.encode()) if isinstance(value, str) else 0)
        if error := key_error(key.lower()):
            yield Rejection(f"metadata.annotations.{key}", error, INVALID)
    if size > _LARGEST_ANNOTATIONS:
        yield Rejection(
            "metadata.annotations", f"too long (got {size} bytes). Allowed are {_LARGEST_ANNOTATIONS} at most.", INVALID
        )


@rule("object-type", Stage.PLAN, source=docs("reference/using-api/api-concepts/"))
def object_type(call: Call) -> Iterator[Rejection]:
    """Reject an object whose apiVersion or kind differs from its type."""
    group = call.type.split(":")[1].removeprefix("core/")
    for key, wanted in (("apiVersion", group), ("kind", kind_of(call.type))):
        got = call.inputs.get(key)
        if isinstance(got, str) and got != wanted:
            yield Rejection(key, f"it does not match the type (got '{got}'). Set '{wanted}', or omit it.", INVALID)


@rule("namespace-exists", Stage.CREATE, source=docs("concepts/overview/working-with-objects/namespaces/"))
def namespace_exists(call: Call) -> Iterator[Rejection]:
    """Reject an object whose namespace does not exist."""
    wanted = namespace_of(call.inputs)
    if wanted not in _OWN_NAMESPACES and namespace(call) is None:
        yield Rejection("metadata.namespace", f'namespaces "{wanted}" not found', NOT_FOUND)


def _object_id(call: Call) -> str:
    return f"{namespace_of(call.inputs)}/{name_of(call.inputs)}"


def _cluster_object_id(call: Call) -> str:
    return str(name_of(call.inputs))


def _metadata(call: Call) -> dict[str, Any]:
    """Return the metadata that the API completes. The uid stays the same as long as the object exists."""
    digits = digest(f"{call.type}/{call.id}", 32)
    completed = {
        **mapping(call.inputs.get("metadata")),
        "uid": "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])),
    }
    if "/" in call.id:
        completed["namespace"] = namespace_of(call.inputs)
    return completed


_NUMBER_OR_TEXT = re.compile(
    r".*\.("
    r"(limits|requests)\.[^.]+|sizeLimit|divisor|target\.(averageValue|value)"  # quantities
    r"|targetPort|(httpGet|tcpSocket)\.port|(ingress|egress)\[\d+\]\.ports\[\d+\]\.port"
    r"|maxSurge|maxUnavailable|minAvailable)"
)


def _is_number_or_text(path: str) -> bool:
    """Return whether the value at a path may be a number or a string. The API converts no other value."""
    return bool(_NUMBER_OR_TEXT.fullmatch(path))


def object_row(
    token: str,
    *,
    source: Source,
    replaces: Iterable[str] = (),
    rules: Iterable[BehaviourRule] = (),
    namespaced: bool = True,
    status: Any = None,
    **fields: Any,
) -> Behaviour:
    """Return the row of a kind. `status` is the status of an object that is ready."""
    outputs: dict[str, Any] = {"apiVersion": token.split(":")[1].removeprefix("core/"), "kind": kind_of(token)}
    if status is not None:
        outputs["status"] = status
    return Behaviour(
        type=token,
        source=source,
        id=_object_id if namespaced else _cluster_object_id,
        outputs=outputs,
        derived={"metadata": _metadata},
        replaces=frozenset({"metadata.name", "metadata.namespace", *replaces}),
        replace_source=FORCE_NEW,
        converts=_is_number_or_text,
        defaults={"metadata.namespace": "default"} if namespaced else {},
        rules=(
            object_name,
            object_labels,
            object_annotations,
            object_type,
            *((namespace_exists,) if namespaced else ()),
            *rules,
        ),
        regional=False,
        **fields,
    )


def immutable(*paths: str, source: Source) -> BehaviourRule:
    """Return the rule that an update must not change the values at property paths (without indexes)."""

    @rule("immutable-fields", Stage.UPDATE, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        for path in paths:
            old, new = first(values_at(call.old or {}, path)), call.get(path)
            if old != new:
                yield Rejection(path, "field is immutable. Restore the old value, or replace the object.", INVALID)

    return check


ID_SOURCE = provider("provider/util.go")
"""The source of ids: fqName."""
