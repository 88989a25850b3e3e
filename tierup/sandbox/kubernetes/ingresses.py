"""Ingresses and their classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .formats import SUBDOMAIN, address, format_rule, optional
from .objects import INVALID, immutable, label_name_error, mapping, object_row, subdomain_error
from .ports import port_error
from .sources import docs, validation

_API = "kubernetes:networking.k8s.io/v1"
_VALIDATION = validation("networking/validation/validation.go")
_PATH_TYPES = ("Exact", "Prefix", "ImplementationSpecific")
_FORBIDDEN_PARTS = ("//", "/./", "/../", "%2f", "%2F")
_FORBIDDEN_ENDS = ("/..", "/.")
_CONTROLLER = re.compile(r"[^/]+/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")
_LONGEST_CONTROLLER = 250
_CLASS_ANNOTATION = "kubernetes.io/ingress.class"


def _host(text: str) -> str | None:
    """Names of hosts, whose first label may be a wildcard."""
    if address(text) is None:
        return f"it must be a DNS name, not an IP address (got '{text}')."
    return subdomain_error(text.removeprefix("*."))


@rule("ingress-paths", Stage.PLAN, source=_VALIDATION)
def _paths(call: Call) -> Iterator[Rejection]:
    spec = mapping(call.get("spec"))
    rules = spec.get("rules")
    if not rules and spec.get("defaultBackend") is None and UNKNOWN not in (rules, call.get("spec")):
        yield Rejection("spec", "either defaultBackend or rules must be specified.", INVALID)
    for at, http in located(call.inputs, "spec.rules[*].http"):
        if not mapping(http).get("paths") and UNKNOWN not in (http, mapping(http).get("paths")):
            yield Rejection(f"{at}.paths", "it is required.", INVALID)
    for at, each in located(call.inputs, "spec.rules[*].http.paths[*]"):
        entry = mapping(each)
        kind, path = entry.get("pathType"), entry.get("path", "")
        if not isinstance(path, str) or not isinstance(kind, str):
            continue
        if not path.startswith("/") and (path or kind != "ImplementationSpecific"):
            yield Rejection(f"{at}.path", f"it must be an absolute path (got '{path}').", INVALID)
        elif kind in ("Exact", "Prefix"):
            parts = [part for part in _FORBIDDEN_PARTS if part in path]
            ends = [end for end in _FORBIDDEN_ENDS if path.endswith(end)]
            for found in (*parts, *ends):
                yield Rejection(f"{at}.path", f"it must not contain '{found}' (got '{path}').", INVALID)


@rule("ingress-backends", Stage.PLAN, source=_VALIDATION)
def _backends(call: Call) -> Iterator[Rejection]:
    for path in ("spec.defaultBackend", "spec.rules[*].http.paths[*].backend"):
        for at, each in located(call.inputs, path):
            if each is not UNKNOWN:
                yield from _backend_errors(at, mapping(each))


def _backend_errors(at: str, backend: Any) -> Iterator[Rejection]:
    resource, service = backend.get("resource"), backend.get("service")
    if resource is not None and service is not None:
        yield Rejection(at, "cannot set both resource and service backends.", INVALID)
    elif resource is None and service is None:
        yield Rejection(at, "resource or service backend is required.", INVALID)
    if service in (None, UNKNOWN) or resource is not None:
        return
    name, port = mapping(service).get("name"), mapping(mapping(service).get("port"))
    if isinstance(name, str) and (error := label_name_error(name)):
        yield Rejection(f"{at}.service.name", error, INVALID)
    label, number = port.get("name"), port.get("number")
    if label and number:
        yield Rejection(f"{at}.service.port", "cannot set both port name & port number.", INVALID)
    elif not label and not number and UNKNOWN not in (label, number, mapping(service).get("port")):
        yield Rejection(f"{at}.service.port", "port name or number is required.", INVALID)
    elif isinstance(label, str) and label and (error := port_error(label)):
        yield Rejection(f"{at}.service.port.name", error, INVALID)
    elif isinstance(number, (int, float)) and (error := port_error(number)):
        yield Rejection(f"{at}.service.port.number", error, INVALID)


@rule("ingress-class-annotation", Stage.PLAN, source=_VALIDATION)
def _annotation(call: Call) -> Iterator[Rejection]:
    annotated = mapping(mapping(call.get("metadata")).get("annotations")).get(_CLASS_ANNOTATION)
    name = call.get("spec.ingressClassName")
    if isinstance(annotated, str) and isinstance(name, str) and annotated != name:
        yield Rejection(
            f"metadata.annotations.{_CLASS_ANNOTATION}", f"it must match ingressClassName (got '{annotated}').", INVALID
        )


@rule("ingress-class", Stage.PLAN, source=_VALIDATION)
def _class(call: Call) -> Iterator[Rejection]:
    controller = call.get("spec.controller")
    if UNKNOWN in (controller, call.get("spec")):
        return
    text = str(controller or "")
    domain, _, _ = text.partition("/")
    if len(text) > _LONGEST_CONTROLLER or not _CONTROLLER.fullmatch(text) or subdomain_error(domain):
        yield Rejection(
            "spec.controller", f"it must be a domain-prefixed path such as acme.io/foo (got '{text}').", INVALID
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        f"{_API}:Ingress",
        source=docs("concepts/services-networking/ingress/"),
        rules=(
            _paths,
            _backends,
            _annotation,
            format_rule(
                {
                    "spec.ingressClassName": SUBDOMAIN,
                    "spec.rules[*].host": optional(_host),
                    "spec.tls[*].hosts[*]": optional(_host),
                    "spec.tls[*].secretName": optional(SUBDOMAIN),
                },
                _VALIDATION,
            ),
        ),
        enums={"spec.rules[*].http.paths[*].pathType": _PATH_TYPES},
        status={"loadBalancer": {}},
    ),
    object_row(
        f"{_API}:IngressClass",
        source=docs("concepts/services-networking/ingress/#ingress-class"),
        rules=(_class, immutable("spec.controller", source=_VALIDATION)),
        namespaced=False,
    ),
)
