"""The rules on objects of Kubernetes: each passes, fails, and does not pass a value that is not known."""

from __future__ import annotations

from typing import Any

import pytest

from policies.kubernetes import (
    namespace_pod_security,
    pinned_images,
    plain_secrets,
    probes,
    read_only_root,
    requests,
    restricted_pods,
    service_accounts,
)
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

NAMESPACE = "k8s-namespace"
SERVING = {
    "k8s-deployment": "spec.template.spec",
    "k8s-stateful-set": "spec.template.spec",
    "k8s-daemon-set": "spec.template.spec",
}
PODS = {
    **SERVING,
    "k8s-job": "spec.template.spec",
    "k8s-cron-job": "spec.jobTemplate.spec.template.spec",
    "k8s-pod": "spec",
}
ALL = pytest.mark.parametrize(("subject", "pod"), PODS.items())


@ALL
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("hostNetwork", True),
        ("containers[0].securityContext.privileged", True),
        ("containers[0].securityContext.allowPrivilegeEscalation", ABSENT),
        ("containers[0].securityContext.capabilities", ABSENT),
        ("containers[0].securityContext.runAsUser", 0),
        ("securityContext.runAsNonRoot", False),
    ],
)
def test_unrestricted_pod_fails(subject: str, pod: str, path: str, value: Any) -> None:
    assert evaluate(restricted_pods.RULE, subject).outcome is Outcome.PASS
    verdict = evaluate(restricted_pods.RULE, subject, {f"{pod}.{path}": value})
    assert verdict.outcome is Outcome.FAIL
    assert verdict.findings[0].path.startswith(f"{pod}.")


def test_container_may_decide_instead_of_its_pod() -> None:
    changes = {
        "spec.template.spec.securityContext": ABSENT,
        "spec.template.spec.containers[0].securityContext.runAsNonRoot": True,
    }
    assert evaluate(restricted_pods.RULE, "k8s-deployment", changes).outcome is Outcome.PASS


@ALL
def test_unknown_pod_evaluates_to_unknown(subject: str, pod: str) -> None:
    outcomes = {
        rule.id: evaluate(rule, subject, {pod: UNKNOWN}).outcome
        for rule in (
            restricted_pods.RULE,
            requests.RULE,
            plain_secrets.RULE,
            pinned_images.RULE,
            read_only_root.RULE,
            service_accounts.RULE,
        )
    }
    assert set(outcomes.values()) == {Outcome.UNKNOWN}


@pytest.mark.parametrize("level", ["privileged", "baseline", ABSENT])
def test_namespace_without_restriction_fails(level: Any) -> None:
    rule = namespace_pod_security.RULE
    assert evaluate(rule, NAMESPACE).outcome is Outcome.PASS
    labels = {} if level is ABSENT else {namespace_pod_security.LABEL: level}
    assert evaluate(rule, NAMESPACE, {"metadata.labels": labels}).outcome is Outcome.FAIL
    assert evaluate(rule, NAMESPACE, {"metadata": UNKNOWN}).outcome is Outcome.UNKNOWN


@ALL
@pytest.mark.parametrize("path", ["requests.cpu", "requests.memory", "limits.memory"])
def test_missing_quantity_fails(subject: str, pod: str, path: str) -> None:
    assert evaluate(requests.RULE, subject).outcome is Outcome.PASS
    at = f"{pod}.containers[0].resources.{path}"
    assert [each.path for each in evaluate(requests.RULE, subject, {at: ABSENT}).findings] == [at]


@pytest.mark.parametrize(("subject", "pod"), SERVING.items())
@pytest.mark.parametrize("probe", ["readinessProbe", "livenessProbe"])
def test_missing_probe_fails(subject: str, pod: str, probe: str) -> None:
    assert evaluate(probes.RULE, subject).outcome is Outcome.PASS
    at = f"{pod}.containers[0].{probe}"
    assert [each.path for each in evaluate(probes.RULE, subject, {at: ABSENT}).findings] == [at]


def test_probes_are_not_applicable_without_a_port() -> None:
    changes = {"spec.template.spec.containers[0].ports": ABSENT}
    assert evaluate(probes.RULE, "k8s-deployment", changes).outcome is Outcome.NOT_APPLICABLE


def test_unknown_containers_evaluate_to_unknown() -> None:
    changes = {"spec.template.spec.containers": UNKNOWN}
    assert evaluate(probes.RULE, "k8s-deployment", changes).outcome is Outcome.UNKNOWN


@ALL
@pytest.mark.parametrize("name", ["JWT_SECRET", "DB_PASSWORD", "MONGODB_URI", "api_key"])
def test_plain_secret_fails_without_its_value(subject: str, pod: str, name: str) -> None:
    assert evaluate(plain_secrets.RULE, subject).outcome is Outcome.PASS
    changes = {f"{pod}.containers[0].env": [{"name": name, "value": "hunter22"}]}
    verdict = evaluate(plain_secrets.RULE, subject, changes)
    assert verdict.outcome is Outcome.FAIL
    assert "hunter22" not in str(verdict.findings)


def test_plain_variable_passes() -> None:
    changes = {"spec.template.spec.containers[0].env": [{"name": "TOKEN_TTL_SECONDS", "value": "900"}]}
    assert evaluate(plain_secrets.RULE, "k8s-deployment", changes).outcome is Outcome.PASS


@ALL
@pytest.mark.parametrize(
    ("image", "outcome"),
    [
        ("registry.example.com:5000/api", Outcome.FAIL),
        ("registry.example.com/api:latest", Outcome.FAIL),
        ("registry.example.com/api:v1", Outcome.PASS),
        ("api:latest@sha256:0", Outcome.PASS),
        (UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_image_needs_a_version_or_a_digest(subject: str, pod: str, image: Any, outcome: Outcome) -> None:
    assert evaluate(pinned_images.RULE, subject).outcome is Outcome.PASS
    assert evaluate(pinned_images.RULE, subject, {f"{pod}.containers[0].image": image}).outcome is outcome


@ALL
@pytest.mark.parametrize("value", [False, ABSENT])
def test_writable_root_file_system_fails(subject: str, pod: str, value: Any) -> None:
    assert evaluate(read_only_root.RULE, subject).outcome is Outcome.PASS
    at = f"{pod}.containers[0].securityContext.readOnlyRootFilesystem"
    assert [each.path for each in evaluate(read_only_root.RULE, subject, {at: value}).findings] == [at]


@ALL
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("serviceAccountName", "default"),
        ("serviceAccountName", ABSENT),
        ("automountServiceAccountToken", True),
        ("automountServiceAccountToken", ABSENT),
    ],
)
def test_shared_service_account_and_mounted_token_fail(subject: str, pod: str, key: str, value: Any) -> None:
    assert evaluate(service_accounts.RULE, subject).outcome is Outcome.PASS
    at = f"{pod}.{key}"
    assert [each.path for each in evaluate(service_accounts.RULE, subject, {at: value}).findings] == [at]
