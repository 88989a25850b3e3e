"""Claims, volumes and storage classes."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, first, rule, values_at
from ..cloud import CloudResource
from .formats import SUBDOMAIN, format_rule, not_empty, optional
from .objects import CLAIM, FORBIDDEN, INVALID, cluster_object, immutable, items, key_error, mapping, object_row
from .quantities import amount
from .selectors import selector_rule
from .sources import docs, validation

ACCESS_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
_CORE = validation("core/validation/validation.go")
_STORAGE = validation("storage/validation/validation.go")
_MODES = ("Block", "Filesystem")
_SINGLE = "ReadWriteOncePod"
_CLAIM_SIZE = "spec.resources.requests.storage"
_SOURCES = (
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker",
    "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume",
    "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
)  # fmt: skip


@rule("access-modes", Stage.PLAN, source=_CORE)
def _access_modes(call: Call) -> Iterator[Rejection]:
    modes = call.get("spec.accessModes")
    if not modes and UNKNOWN not in (modes, call.get("spec")):
        yield Rejection("spec.accessModes", "at least 1 access mode is required.", INVALID)
    if _SINGLE in items(modes) and len(set(items(modes)) - {UNKNOWN}) > 1:
        yield Rejection("spec.accessModes", f"may not use {_SINGLE} with other access modes.", FORBIDDEN)


def _size_error(call: Call, path: str) -> Iterator[Rejection]:
    within, _, _ = path.rpartition(".")
    size = call.get(path)
    if size is None and UNKNOWN not in (call.get("spec"), call.get("spec.resources"), call.get(within)):
        yield Rejection(path, "it is required.", INVALID)
    elif size not in (None, UNKNOWN) and (amount(size) or 0) <= 0:
        yield Rejection(path, f"not above 0 (got {size}). Use the form 10Gi.", INVALID)


@rule("claim-size", Stage.PLAN, source=_CORE)
def _claim_size(call: Call) -> Iterator[Rejection]:
    yield from _size_error(call, _CLAIM_SIZE)


@rule("claim-grows-only", Stage.UPDATE, source=_CORE)
def _growth(call: Call) -> Iterator[Rejection]:
    before, after = amount(first(values_at(call.old or {}, _CLAIM_SIZE))), amount(call.get(_CLAIM_SIZE))
    if before is None or after is None or before == after:
        return
    if after < before:
        got = call.get(_CLAIM_SIZE)
        yield Rejection(_CLAIM_SIZE, f"field can not be less than status.capacity (got {got}).", FORBIDDEN)
        return
    name = call.get("spec.storageClassName")
    found = cluster_object(call, STORAGE_CLASS, name) if name is not None else _default_class(call)
    if (name is None and found is None) or (found is not None and not found.inputs.get("allowVolumeExpansion")):
        yield Rejection(
            _CLAIM_SIZE,
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must"
            f" support resize. Set allowVolumeExpansion of '{name or 'the default class'}'.",
            FORBIDDEN,
        )


def _default_class(call: Call) -> CloudResource | None:
    annotation = "storageclass.kubernetes.io/is-default-class"
    for found in call.cloud.find(STORAGE_CLASS):
        if mapping(mapping(found.inputs.get("metadata")).get("annotations")).get(annotation) == "true":
            return found
    return None


@rule("volume-capacity", Stage.PLAN, source=_CORE)
def _capacity(call: Call) -> Iterator[Rejection]:
    yield from _size_error(call, "spec.capacity.storage")
    spec = mapping(call.get("spec"))
    given = [name for name in _SOURCES if spec.get(name) is not None]
    if call.get("spec") is not UNKNOWN and len(given) != 1:
        got = ", ".join(given) or "none"
        yield Rejection("spec", f"it must specify exactly one volume type (got {got}).", INVALID)
    if spec.get("local") is not None and spec.get("nodeAffinity") is None:
        yield Rejection("spec.nodeAffinity", "local volume requires node affinity.", INVALID)


@rule("storage-class-provisioner", Stage.PLAN, source=_STORAGE)
def _provisioner(call: Call) -> Iterator[Rejection]:
    name = call.get("provisioner")
    if isinstance(name, str) and (error := key_error(name.lower()) if name else "it is required."):
        yield Rejection("provisioner", error, INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        CLAIM,
        source=docs("concepts/storage/persistent-volumes/"),
        replaces=("spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"),
        rules=(
            _access_modes,
            _claim_size,
            _growth,
            selector_rule("spec.selector"),
            format_rule({"spec.storageClassName": optional(SUBDOMAIN)}, _CORE),
            immutable("spec.volumeMode", "spec.dataSource", "spec.dataSourceRef", source=_CORE),
        ),
        enums={"spec.accessModes[*]": ACCESS_MODES, "spec.volumeMode": _MODES},
        status={"phase": "Bound"},
    ),
    object_row(
        "kubernetes:core/v1:PersistentVolume",
        source=docs("concepts/storage/persistent-volumes/"),
        replaces=tuple(f"spec.{name}" for name in _SOURCES),
        rules=(
            _access_modes,
            _capacity,
            format_rule(
                {
                    "spec.storageClassName": optional(SUBDOMAIN),
                    "spec.csi.driver": not_empty,
                    "spec.csi.volumeHandle": not_empty,
                    "spec.nfs.server": not_empty,
                    "spec.nfs.path": not_empty,
                    "spec.hostPath.path": not_empty,
                },
                _CORE,
            ),
            immutable("spec.volumeMode", source=_CORE),
        ),
        namespaced=False,
        enums={
            "spec.accessModes[*]": ACCESS_MODES,
            "spec.volumeMode": _MODES,
            "spec.persistentVolumeReclaimPolicy": ("", "Delete", "Recycle", "Retain"),
        },
        status={"phase": "Available"},
    ),
    object_row(
        STORAGE_CLASS,
        source=docs("concepts/storage/storage-classes/"),
        replaces=("parameters", "provisioner"),
        rules=(_provisioner, immutable("reclaimPolicy", "volumeBindingMode", source=_STORAGE)),
        namespaced=False,
        enums={
            "reclaimPolicy": ("", "Delete", "Retain"),
            "volumeBindingMode": ("Immediate", "WaitForFirstConsumer"),
        },
    ),
)
