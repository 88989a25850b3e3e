"""EBS volumes: size, IOPS and throughput by volume type, for volumes and the block devices of instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, assumed, documented, located, rule
from .network import APPLY, INSTANCE
from .same_scope import known
from .sources import EC2_ERRORS, schema_of, sdk

VOLUME = "aws:ebs/volume:Volume"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


@dataclass(frozen=True, slots=True)
class _Limits:
    """The sizes in GiB and the IOPS of a volume type; the ratio is of IOPS to GiB."""

    smallest: int = 1
    largest: int = 16384
    least_iops: int = 0
    most_iops: int = 0
    ratio: int = 0


_LIMITS: Mapping[str, _Limits] = {
    "gp2": _Limits(),
    "gp3": _Limits(largest=65536, least_iops=3000, most_iops=80000, ratio=500),
    "io1": _Limits(smallest=4, least_iops=100, most_iops=64000, ratio=50),
    "io2": _Limits(smallest=4, largest=65536, least_iops=100, most_iops=256000, ratio=1000),
    "st1": _Limits(smallest=125),
    "sc1": _Limits(smallest=125),
    "standard": _Limits(largest=1024),
}
_SOURCE = documented(
    "AWS API model of ec2 (botocore 1.44), CreateVolumeRequest and EbsBlockDevice: Size, Iops, Throughput; the ratios:"
    " https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html, from memory",
    read="2026-11-29",
)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _violations(at: str, volume: Mapping[str, Any], size_path: str, type_path: str) -> Iterator[Rejection]:
    kind, size = volume.get(type_path) or "gp2", _number(volume.get(size_path))
    iops, throughput = _number(volume.get("iops")), _number(volume.get("throughput"))
    limits = _LIMITS.get(str(kind)) if kind is not UNKNOWN else None
    if limits is None:  # an unknown or new type
        return
    if size is not None and not limits.smallest <= size <= limits.largest:
        yield Rejection(
            f"{at}{size_path}", f"Volume of {size:g}GiB is invalid; a volume of type {kind} has {limits.smallest} to"
            f" {limits.largest:,} GiB.", "InvalidParameterValue",
        )  # fmt: skip
    if iops and limits.most_iops and not limits.least_iops <= iops <= limits.most_iops:
        yield Rejection(
            f"{at}iops", f"Volume iops of {iops:g} is invalid; a volume of type {kind} has {limits.least_iops:,} to"
            f" {limits.most_iops:,}.", "InvalidParameterValue",
        )  # fmt: skip
    elif iops and size and limits.ratio and iops > max(limits.ratio * size, limits.least_iops):
        yield Rejection(
            f"{at}iops", f"Iops to volume size ratio of {iops / size:.6f} is too high; maximum is {limits.ratio} IOPS"
            " per GiB.", "InvalidParameterCombination",
        )  # fmt: skip
    if throughput and kind == "gp3" and throughput > max(125, (iops or 3000) / 4):
        yield Rejection(
            f"{at}throughput", f"Throughput (MiBps) to iops ratio of {throughput / (iops or 3000):.6f} is too high;"
            " maximum is 0.250000 MiBps per iops.", "InvalidParameterCombination",
        )  # fmt: skip


@rule("volume-performance-fits-its-type", *APPLY, source=_SOURCE)
def _volume(call: Call) -> Iterator[Rejection]:
    yield from _violations("", call.inputs, "size", "type")


@rule(
    "only-io-volumes-attach-to-several", Stage.PLAN, source=schema_of("ebs_volume.go, resourceEBSVolumeCustomizeDiff")
)
def _multi_attach(call: Call) -> Iterator[Rejection]:
    kind = known(call, "type", "gp2")
    if known(call, "multiAttachEnabled") is True and kind not in ("io1", "io2"):
        yield Rejection(
            "multiAttachEnabled",
            f"'multi_attach_enabled' must not be set when 'type' is '{kind}'",
            "InvalidParameterCombination",
        )


@rule("volume-does-not-shrink", Stage.UPDATE, source=EC2_ERRORS)
def _shrinks(call: Call) -> Iterator[Rejection]:
    for path in ("size", "rootBlockDevice.volumeSize"):
        before = next((value for _, value in located(call.old or {}, path)), None)
        after = call.get(path)
        if isinstance(before, (int, float)) and isinstance(after, (int, float)) and after < before:
            yield Rejection(
                path, f"New size cannot be smaller than existing size (got {after:g}, {before:g} GiB).",
                "InvalidParameterValue",
            )  # fmt: skip


@rule("block-device-fits-its-type", Stage.PLAN, source=schema_of("ec2/ec2_instance.go, readBlockDeviceMappings"))
def _devices(call: Call) -> Iterator[Rejection]:
    for path in ("rootBlockDevice", "ebsBlockDevices[*]"):
        for at, device in located(call.inputs, path):
            if not isinstance(device, dict):
                continue
            kind = device.get("volumeType") or ""
            for input, kinds in (("iops", ("io1", "io2", "gp3")), ("throughput", ("gp3",))):
                if device.get(input) and kind and kind is not UNKNOWN and kind not in kinds:
                    yield Rejection(
                        f"{at}.{input}", f"{input} attribute not supported for a block device with volume_type {kind}",
                        "InvalidParameterCombination",
                    )  # fmt: skip


@rule("block-device-performance-fits-its-type", *APPLY, source=_SOURCE)
def _device_performance(call: Call) -> Iterator[Rejection]:
    for path in ("rootBlockDevice", "ebsBlockDevices[*]"):
        for at, device in located(call.inputs, path):
            if isinstance(device, dict) and device.get("volumeType"):
                yield from _violations(f"{at}.", device, "volumeSize", "volumeType")


@rule(
    "hibernation-needs-an-encrypted-root",
    Stage.PLAN,
    source=assumed("UnsupportedHibernationConfiguration; to check: the EC2 user guide, prerequisites for hibernation"),
)
def _hibernation(call: Call) -> Iterator[Rejection]:
    if known(call, "hibernation") is True and known(call, "rootBlockDevice.encrypted") is False:
        yield Rejection(
            "rootBlockDevice.encrypted", "The root volume must be encrypted to enable hibernation.",
            "UnsupportedHibernationConfiguration",
        )  # fmt: skip


@rule("template-devices-fit-their-type", *APPLY, source=_SOURCE)
def _template_devices(call: Call) -> Iterator[Rejection]:
    for at, device in located(call.inputs, "blockDeviceMappings[*].ebs"):
        if isinstance(device, dict) and device.get("volumeType"):
            yield from _violations(f"{at}.", device, "volumeSize", "volumeType")


_PLACEMENT = "aws:ec2/placementGroup:PlacementGroup"


@rule(
    "cluster-placement-takes-no-burstable-instance",
    *APPLY,
    source=assumed(
        "from memory; to check: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html: burstable"
        " instances are not supported in a cluster placement group"
    ),
)
def _placement(call: Call) -> Iterator[Rejection]:
    name, kind = call.get("placementGroup"), str(call.get("instanceType"))
    group = next(call.nearby(_PLACEMENT, name=name), None) if name else None
    if (
        group is not None
        and group.outputs.get("strategy") == "cluster"
        and kind[:3] in ("t1.", "t2.", "t3.", "t3a", "t4g")
    ):
        yield Rejection(
            "placementGroup", f"Placement groups may not be used with instances of type '{kind}'.",
            "InvalidParameterCombination",
        )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=VOLUME, source=sdk("ebs/volume"), rules=(_multi_attach, _volume, _shrinks)),
    Behaviour(
        type=INSTANCE,
        source=sdk("ec2/instance"),
        rules=(_devices, _device_performance, _shrinks, _hibernation, _placement),
    ),
    Behaviour(type=_TEMPLATE, source=sdk("ec2/launchtemplate"), rules=(_template_devices,)),
)
