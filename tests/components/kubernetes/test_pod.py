"""The pods of workloads: security, sizes, probes, secrets and traffic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.kubernetes.network_policy import PodEgressTarget
from components.kubernetes.pod import RESTART_ANNOTATION, HttpPort, PodArgs
from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
from components.kubernetes.worker_deployment import WorkerDeployment, WorkerDeploymentArgs
from tests.components.kubernetes.workloads import HTTP, job_pod, pod
from tests.engine_recorder import Recording, record

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
SECRETS = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf"


def _web(args: PodArgs | None = None, http: HttpPort = HTTP) -> Recording[WebDeployment]:
    return record(lambda: WebDeployment("api", WebDeploymentArgs(pod=args or pod(), replicas=2, http=http)))


def _spec(recording: Recording[Any]) -> Mapping[str, Any]:
    return recording.one(DEPLOYMENT).inputs["spec"]["template"]["spec"]


def test_pod_meets_restricted_pod_security() -> None:
    spec = _spec(_web())
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 1000,
        "runAsGroup": 1000,
        "fsGroup": 1000,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert spec["containers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["automountServiceAccountToken"] is False


def test_pod_requests_cpu_without_limit_and_memory_with_an_equal_limit() -> None:
    assert _spec(_web())["containers"][0]["resources"] == {
        "requests": {"cpu": "500m", "memory": "512Mi"},
        "limits": {"memory": "512Mi"},
    }


def test_pod_serves_until_the_load_balancer_has_deregistered_it() -> None:
    spec = _spec(_web())
    assert spec["containers"][0]["lifecycle"] == {"preStop": {"sleep": {"seconds": 20}}}
    assert spec["terminationGracePeriodSeconds"] == 20 + 30


def test_liveness_does_not_depend_on_other_systems() -> None:
    container = _spec(_web())["containers"][0]
    assert container["readinessProbe"]["httpGet"] == {"path": "/health", "port": "http"}
    assert container["livenessProbe"]["tcpSocket"] == {"port": "http"}
    http = HttpPort(port=3000, ready_path="/health", live_path="/live", ingress_cidrs=["10.0.0.0/24"])
    assert _spec(_web(http=http))["containers"][0]["livenessProbe"]["httpGet"]["path"] == "/live"


def test_slow_start_extends_the_startup_probe_alone() -> None:
    http = HttpPort(port=3000, ready_path="/health", start_seconds=121, ingress_cidrs=["10.0.0.0/24"])
    startup = _spec(_web(http=http))["containers"][0]["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] == 122


def test_pods_spread_over_zones_by_version() -> None:
    zone, host = _spec(_web())["topologySpreadConstraints"]
    assert (zone["topologyKey"], zone["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "DoNotSchedule")
    assert (host["topologyKey"], host["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")
    assert zone["matchLabelKeys"] == host["matchLabelKeys"] == ["pod-template-hash"]
    assert zone["nodeTaintsPolicy"] == "Honor"


def test_preferred_labels_are_no_requirement() -> None:
    spec = _spec(_web(pod(preferred_node_labels={"karpenter.sh/capacity-type": "spot"})))
    assert spec["nodeSelector"] == {"kubernetes.io/arch": "arm64", "kubernetes.io/os": "linux"}
    affinity = spec["affinity"]["nodeAffinity"]
    assert list(affinity) == ["preferredDuringSchedulingIgnoredDuringExecution"]


def test_secrets_are_mounted_by_arn_and_no_value_reaches_the_objects() -> None:
    secrets = {"MONGODB_URI": f"{SECRET}:MONGODB_URI::", "TOKEN": f"{SECRET}:TOKEN::", "WHOLE": SECRET}
    recording = _web(pod(secrets=secrets))
    parameters = recording.one(SECRETS).inputs["spec"]["parameters"]
    assert json.loads(parameters["objects"]) == [
        {
            "objectName": SECRET,
            "objectAlias": "MONGODB_URI.json",
            "jmesPath": [
                {"path": '"MONGODB_URI"', "objectAlias": "MONGODB_URI"},
                {"path": '"TOKEN"', "objectAlias": "TOKEN"},
            ],
        },
        {"objectName": SECRET, "objectAlias": "WHOLE"},
    ]
    assert parameters["usePodIdentity"] == "true"
    spec = _spec(recording)
    references = {
        each["name"]: each["valueFrom"]["secretKeyRef"] for each in spec["containers"][0]["env"] if "valueFrom" in each
    }
    assert references == {name: {"name": "api-secrets", "key": name} for name in secrets}
    mounted = next(volume for volume in spec["volumes"] if volume["name"] == "secrets")
    assert mounted["csi"]["volumeAttributes"] == {"secretProviderClass": "api-name"}


def test_versions_of_one_secret_are_separate_objects() -> None:
    secrets = {"NEW": f"{SECRET}:KEY::", "OLD": f"{SECRET}:KEY:AWSPREVIOUS:"}
    objects = json.loads(_web(pod(secrets=secrets)).one(SECRETS).inputs["spec"]["parameters"]["objects"])
    assert [(each["objectAlias"], each.get("objectVersionLabel")) for each in objects] == [
        ("NEW.json", None),
        ("OLD.json", "AWSPREVIOUS"),
    ]


@pytest.mark.parametrize("name", ["/app/dsn", "dsn"])
def test_parameter_is_mounted_by_its_name(name: str) -> None:
    arn = f"arn:aws:ssm:eu-west-1:111122223333:parameter/{name.removeprefix('/')}"
    objects = json.loads(_web(pod(secrets={"DSN": arn})).one(SECRETS).inputs["spec"]["parameters"]["objects"])
    assert objects == [{"objectName": name, "objectType": "ssmparameter", "objectAlias": "DSN"}]


def test_changed_secret_version_changes_the_template() -> None:
    def annotation(version: str) -> str:
        template = _web(pod(restart_on={"app": version})).one(DEPLOYMENT).inputs["spec"]["template"]
        return template["metadata"]["annotations"][RESTART_ANNOTATION]

    assert annotation("v1") == annotation("v1") != annotation("v2")


def test_traffic_is_limited_to_the_load_balancer_and_targets() -> None:
    target = PodEgressTarget(cidrs=["10.8.0.0/16"], ports=[27017])
    spec = _web(pod(egress_targets={"atlas": target})).one(POLICY).inputs["spec"]
    assert spec["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "api"}}
    assert spec["ingress"] == [
        {"from": [{"ipBlock": {"cidr": "10.0.0.0/24"}}], "ports": [{"protocol": "TCP", "port": 3000}]}
    ]
    dns, identity, https, atlas = spec["egress"]
    assert {each["port"] for each in dns["ports"]} == {53}
    assert [each["ipBlock"]["cidr"] for each in identity["to"]] == ["169.254.170.23/32", "fd00:ec2::23/128"]
    # The instance metadata service would give pods the role of the node.
    assert https["to"][0]["ipBlock"] == {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}
    assert atlas == {"to": [{"ipBlock": {"cidr": "10.8.0.0/16"}}], "ports": [{"protocol": "TCP", "port": 27017}]}


def test_worker_has_no_inbound_connections_and_no_port() -> None:
    recording = record(lambda: WorkerDeployment("worker", WorkerDeploymentArgs(pod=job_pod(), replicas=1)))
    assert recording.one(POLICY).inputs["spec"]["ingress"] == []
    container = _spec(recording)["containers"][0]
    assert "ports" not in container
    assert "lifecycle" not in container
    assert "PORT" not in {each["name"] for each in container["env"]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"user": "0:0"}, r"^user: not a numeric, non-root user \(got '0:0'\)\. Set uid:gid"),
        ({"user": "node"}, r"^user: "),
        ({"architecture": "ARM64"}, r"^architecture: unknown \(got 'ARM64'\)\. Set arm64 or amd64"),
        ({"cpu_millis": 1}, r"^cpu_millis: too small \(got 1\)\. Set 10 or more"),
        ({"memory_mib": 1}, r"^memory_mib: too small \(got 1\)\. Set 64 or more"),
        ({"stop_seconds": 1}, r"^stop_seconds: out of range \(got 1\)\. Set 2 to 3600"),
        ({"environment": {"DB_PASSWORD": "x"}}, r"^environment: names that suggest a secret \(got DB_PASSWORD\)"),
        ({"environment": {"A": "x"}, "secrets": {"A": SECRET}}, r"^environment: names that are in secrets too"),
    ],
)
def test_invalid_pod_is_rejected(changes: Mapping[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pod(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"port": 80}, r"^port: out of range \(got 80\)\. Set 1024 to 65535"),
        ({"ready_path": "health"}, r"^ready_path: not a path \(got 'health'\)\. Begin with /"),
        ({"live_path": "live"}, r"^live_path: not a path"),
        ({"drain_seconds": 1}, r"^drain_seconds: out of range \(got 1\)\. Set 5 to 300"),
        ({"start_seconds": 601}, r"^start_seconds: out of range"),
        ({"ingress_cidrs": []}, r"^ingress_cidrs: empty"),
        ({"ingress_cidrs": ["10.0.0.1/8"]}, r"^ingress_cidrs: not an address range"),
    ],
)
def test_invalid_port_is_rejected(changes: Mapping[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"port": 3000, "ready_path": "/health", "ingress_cidrs": ["10.0.0.0/24"], **changes}
    with pytest.raises(ValueError, match=message):
        HttpPort(**arguments)


def test_target_without_ports_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^ports, port_ranges: not TCP ports \(got none\)\. Set one port or more"):
        PodEgressTarget(cidrs=["10.0.0.0/8"], ports=[])
