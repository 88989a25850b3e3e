"""Kinds of the API that few programs use: webhooks, endpoint slices, leases, runtime classes and CSI drivers."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .formats import LABEL, format_rule
from .objects import INVALID, mapping, object_row, subdomain_error
from .sources import docs, validation

_ADMISSION = validation("admissionregistration/validation/validation.go")
_NETWORK = validation("discovery/validation/validation.go")
_SHORTEST_NAME = 3  # parts of the name of a webhook


@rule("webhooks", Stage.PLAN, source=_ADMISSION)
def _webhooks(call: Call) -> Iterator[Rejection]:
    names: list[str] = []
    for at, each in located(call.inputs, "webhooks[*]"):
        name, client = mapping(each).get("name"), mapping(mapping(each).get("clientConfig"))
        if isinstance(name, str):
            if subdomain_error(name) or len(name.split(".")) < _SHORTEST_NAME:
                yield Rejection(
                    f"{at}.name", f"it must be a domain with three segments or more (got '{name}').", INVALID
                )
            if name in names:
                yield Rejection(f"{at}.name", f"duplicate value '{name}'.", INVALID)
            names.append(name)
        url = client.get("url")
        given = [key for key in ("url", "service") if client.get(key) is not None]
        if len(given) != 1 and UNKNOWN not in (each, mapping(each).get("clientConfig")):
            yield Rejection(f"{at}.clientConfig", "exactly one of url or service is required.", INVALID)
        if isinstance(url, str) and not url.startswith("https://"):
            yield Rejection(f"{at}.clientConfig.url", f"'https' is the only allowed URL scheme (got '{url}').", INVALID)
        if mapping(each).get("admissionReviewVersions") == []:
            yield Rejection(f"{at}.admissionReviewVersions", "it is required.", INVALID)


@rule("lease-times", Stage.PLAN, source=validation("coordination/validation/validation.go"))
def _lease(call: Call) -> Iterator[Rejection]:
    seconds = call.get("spec.leaseDurationSeconds")
    if isinstance(seconds, (int, float)) and seconds <= 0:
        yield Rejection("spec.leaseDurationSeconds", f"it must be greater than 0 (got {seconds:g}).", INVALID)


@rule("addresses-are-of-their-family", Stage.PLAN, source=_NETWORK)
def _families(call: Call) -> Iterator[Rejection]:
    version = {"IPv4": 4, "IPv6": 6}.get(str(call.get("addressType")))
    for at, address in located(call.inputs, "endpoints[*].addresses[*]"):
        if version is None or not isinstance(address, str):
            continue
        try:
            is_valid = ipaddress.ip_address(address).version == version
        except ValueError:
            is_valid = False
        if not is_valid:
            yield Rejection(at, f"must be a valid {call.get('addressType')} address (got '{address}').", INVALID)


@rule("endpoint-addresses", Stage.PLAN, source=_NETWORK)
def _endpoints(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "endpoints[*]"):
        if each is not UNKNOWN and mapping(each).get("addresses") in (None, []):
            yield Rejection(f"{at}.addresses", "it must contain at least 1 address.", INVALID)


def _webhook_row(kind: str) -> Behaviour:
    return object_row(
        f"kubernetes:admissionregistration.k8s.io/v1:{kind}",
        source=docs("reference/access-authn-authz/extensible-admission-controllers/"),
        rules=(_webhooks,),
        namespaced=False,
        enums={
            "webhooks[*].failurePolicy": ("Ignore", "Fail"),
            "webhooks[*].matchPolicy": ("Exact", "Equivalent"),
            "webhooks[*].sideEffects": ("None", "NoneOnDryRun"),
        },
        ranges={"webhooks[*].timeoutSeconds": (1, 30)},
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    _webhook_row("ValidatingWebhookConfiguration"),
    _webhook_row("MutatingWebhookConfiguration"),
    object_row(
        "kubernetes:discovery.k8s.io/v1:EndpointSlice",
        source=docs("concepts/services-networking/endpoint-slices/"),
        rules=(_endpoints, _families),
        enums={"addressType": ("IPv4", "IPv6", "FQDN")},
    ),
    object_row(
        "kubernetes:coordination.k8s.io/v1:Lease",
        source=docs("concepts/architecture/leases/"),
        rules=(_lease,),
    ),
    object_row(
        "kubernetes:node.k8s.io/v1:RuntimeClass",
        source=docs("concepts/containers/runtime-class/"),
        rules=(format_rule({"handler": LABEL}, validation("node/validation/validation.go")),),
        namespaced=False,
    ),
    object_row(
        "kubernetes:storage.k8s.io/v1:CSIDriver",
        source=docs("concepts/storage/volumes/#csi"),
        namespaced=False,
        enums={
            "spec.fsGroupPolicy": ("ReadWriteOnceWithFSType", "File", "None"),
            "spec.volumeLifecycleModes[*]": ("Persistent", "Ephemeral"),
        },
    ),
)
