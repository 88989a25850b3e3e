"""Roles and their bindings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, BehaviourRule, Call, Rejection, Stage, located, rule
from .formats import not_empty
from .objects import INVALID, kind_of, mapping, object_row, subdomain_error
from .selectors import selector_rule
from .sources import docs, validation

_GROUP = "rbac.authorization.k8s.io"
_API = f"kubernetes:{_GROUP}/v1"
_VALIDATION = validation("rbac/validation/validation.go")
_PAGE = docs("reference/access-authn-authz/rbac/")
_ACCOUNT, _PEOPLE = "ServiceAccount", ("User", "Group")


def _is_empty(value: Any) -> bool:
    return value is None or value == []


@rule("policy-rules", Stage.PLAN, source=_VALIDATION)
def _rules(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "rules[*]"):
        entry = mapping(each)
        if each is UNKNOWN:
            continue
        if _is_empty(entry.get("verbs")):
            yield Rejection(f"{at}.verbs", "verbs must contain at least one value.", INVALID)
        if not _is_empty(entry.get("nonResourceURLs")):
            if kind_of(call.type) == "Role":
                yield Rejection(f"{at}.nonResourceURLs", "namespaced rules cannot apply to non-resource URLs.", INVALID)
            if any(not _is_empty(entry.get(name)) for name in ("apiGroups", "resources", "resourceNames")):
                yield Rejection(
                    f"{at}.nonResourceURLs",
                    "rules cannot apply to both regular resources and non-resource URLs.",
                    INVALID,
                )
            continue
        for name in ("apiGroups", "resources"):
            if _is_empty(entry.get(name)):
                yield Rejection(f"{at}.{name}", "resource rules must supply at least one.", INVALID)


@rule("aggregation-rule", Stage.PLAN, source=_VALIDATION)
def _aggregation(call: Call) -> Iterator[Rejection]:
    aggregation = call.get("aggregationRule")
    if isinstance(aggregation, dict) and _is_empty(mapping(aggregation).get("clusterRoleSelectors")):
        yield Rejection(
            "aggregationRule.clusterRoleSelectors", "at least one clusterRoleSelector is required.", INVALID
        )


def _binding(*kinds: str) -> BehaviourRule:
    """Return the rule for the role and the subjects of a binding. `kinds` are the roles that it may refer to."""

    @rule("role-binding", Stage.PLAN, source=_VALIDATION)
    def check(call: Call) -> Iterator[Rejection]:
        role = mapping(call.get("roleRef"))
        for name, allowed in (("apiGroup", (_GROUP,)), ("kind", kinds)):
            got = role.get(name)
            if isinstance(got, str) and got not in allowed:
                supported = ", ".join(allowed)
                yield Rejection(f"roleRef.{name}", f"unsupported value (got '{got}'). Supported: {supported}.", INVALID)
        if isinstance(role.get("name"), str) and (error := not_empty(role["name"])):
            yield Rejection("roleRef.name", error, INVALID)
        for at, each in located(call.inputs, "subjects[*]"):
            yield from _subject_errors(at, mapping(each), is_namespaced="Role" in kinds)

    return check


def _subject_errors(at: str, subject: Any, *, is_namespaced: bool) -> Iterator[Rejection]:
    kind, name, group = subject.get("kind"), subject.get("name"), subject.get("apiGroup")
    if name == "":
        yield Rejection(f"{at}.name", "it is required.", INVALID)
    if kind == _ACCOUNT:
        if isinstance(name, str) and name and (error := subdomain_error(name)):
            yield Rejection(f"{at}.name", error, INVALID)
        if isinstance(group, str) and group:
            yield Rejection(f"{at}.apiGroup", f"unsupported value (got '{group}'). Supported: ''.", INVALID)
        if not is_namespaced and not subject.get("namespace") and subject.get("namespace") is not UNKNOWN:
            yield Rejection(f"{at}.namespace", "it is required.", INVALID)
    elif kind in _PEOPLE:
        if isinstance(group, str) and group not in ("", _GROUP):  # the API sets the group if there is none
            yield Rejection(f"{at}.apiGroup", f"unsupported value (got '{group}'). Supported: {_GROUP}.", INVALID)
    elif isinstance(kind, str):
        supported = ", ".join((_ACCOUNT, *_PEOPLE))
        yield Rejection(f"{at}.kind", f"unsupported value (got '{kind}'). Supported: {supported}.", INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(f"{_API}:Role", source=_PAGE, rules=(_rules,)),
    object_row(
        f"{_API}:ClusterRole",
        source=_PAGE,
        rules=(_rules, _aggregation, selector_rule("aggregationRule.clusterRoleSelectors[*]")),
        namespaced=False,
    ),
    object_row(f"{_API}:RoleBinding", source=_PAGE, replaces=("roleRef",), rules=(_binding("Role", "ClusterRole"),)),
    object_row(
        f"{_API}:ClusterRoleBinding",
        source=_PAGE,
        replaces=("roleRef",),
        rules=(_binding("ClusterRole"),),
        namespaced=False,
    ),
)
