"""Objects of Kubernetes in the sandbox: names, namespaces, replacements, references and pods that cannot start."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.wire import plain, struct

from ..provider_calls import Engine, urn

NAMESPACE = "kubernetes:core/v1:Namespace"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
SERVICE = "kubernetes:core/v1:Service"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
JOB = "kubernetes:batch/v1:Job"
CRON_JOB = "kubernetes:batch/v1:CronJob"
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BINDING = "kubernetes:eks.amazonaws.com/v1:TargetGroupBinding"
SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"
AUTHENTICATION = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication"
SECRETS = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"

CONTAINER: Mapping[str, Any] = {
    "name": "app",
    "image": "app@sha256:1",
    "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"memory": "512Mi"}},
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
POD: Mapping[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [CONTAINER],
}

CRON_SPEC: Mapping[str, Any] = {"schedule": "@daily", "jobTemplate": {"spec": {"template": {"spec": POD}}}}


def metadata(name: str, **labels: str) -> dict[str, Any]:
    return {"name": name, "namespace": "app", **({"labels": labels} if labels else {})}


def deployment(pod: Mapping[str, Any] = POD, **spec: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "api"}}, "spec": copy.deepcopy(dict(pod))}
    return {
        "metadata": metadata("api"),
        "spec": {"selector": {"matchLabels": {"app": "api"}}, "template": template, **spec},
    }


def container(**changes: Any) -> dict[str, Any]:
    return {**POD, "containers": [{**CONTAINER, **changes}]}


@pytest.fixture
def engine() -> Engine:
    """Return an engine with the namespace `app`, which enforces restricted pod security."""
    engine = Engine(package="kubernetes")
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    engine.create(NAMESPACE, {"metadata": {"name": "app", "labels": labels}}, name="app")
    return engine


def reasons(engine: Engine, type: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return why an object is rejected, by the check or by its creation."""
    found = [each.reason for each in engine.check(type, inputs).failures]
    if found:
        return found
    try:
        engine.create(type, inputs)
    except RuntimeError as error:
        return [str(error)]
    return []


def test_object_gets_an_automatic_name_that_a_replacement_does_not_share(engine: Engine) -> None:
    checked = plain(engine.check(CONFIG_MAP, {"metadata": {"namespace": "app"}, "data": {"a": "1"}}).inputs)[0]
    name = checked["metadata"]["name"]
    assert name.startswith("it-")
    assert len(name) == len("it-") + 8
    assert checked["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}
    again = engine.check(CONFIG_MAP, {"metadata": {"namespace": "app"}}, olds=struct(checked), seed=b"other")
    assert plain(again.inputs)[0]["metadata"]["name"] == name
    changed = {**checked, "data": {"a": "2"}}
    request = provider_pb2.DiffRequest(urn=urn(CONFIG_MAP, "it"), old_inputs=struct(checked), news=struct(changed))
    answer = engine.provider.Diff(request, engine.context)
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["data"], False)


def test_replacement_with_a_chosen_name_deletes_first(engine: Engine) -> None:
    old, new = ({"metadata": metadata("settings"), "data": {"a": value}} for value in ("1", "2"))
    request = provider_pb2.DiffRequest(urn=urn(CONFIG_MAP, "it"), old_inputs=struct(old), news=struct(new))
    assert engine.provider.Diff(request, engine.context).deleteBeforeReplace is True


def test_id_and_outputs_are_those_of_the_api(engine: Engine) -> None:
    made = engine.create(SERVICE, {"metadata": metadata("web"), "spec": {"ports": [{"port": 80}]}})
    outputs = plain(made.properties)[0]
    assert made.id == "app/web"
    assert outputs["metadata"]["namespace"] == "app"
    assert len(outputs["metadata"]["uid"]) == 36
    assert (outputs["apiVersion"], outputs["kind"]) == ("v1", "Service")
    assert (
        engine.update(SERVICE, "app/web", {"metadata": metadata("web", team="a"), "spec": {"ports": [{"port": 80}]}})[
            "metadata"
        ]["uid"]
        == outputs["metadata"]["uid"]
    )


@pytest.mark.parametrize(
    ("type", "old", "new", "replaced"),
    [
        (DEPLOYMENT, {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}, set[str]()),
        (DEPLOYMENT, {"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}, {"metadata"}),
        (
            DEPLOYMENT,
            {"spec": {"selector": {"matchLabels": {"app": "a"}}}},
            {"spec": {"selector": {"matchLabels": {"app": "b"}}}},
            {"spec"},
        ),
        (JOB, {"spec": {"template": {"spec": {"a": 1}}}}, {"spec": {"template": {"spec": {"a": 2}}}}, {"spec"}),
        (CRON_JOB, {"spec": {"schedule": "@daily"}}, {"spec": {"schedule": "@hourly"}}, set[str]()),
        (BUDGET, {"spec": {"maxUnavailable": 1}}, {"spec": {"maxUnavailable": 2}}, set[str]()),
        (SERVICE, {"spec": {"clusterIP": "None"}}, {"spec": {"clusterIP": "10.0.0.1"}}, {"spec"}),
        (CONFIG_MAP, {"metadata": {"namespace": "default"}}, {"metadata": {}}, set[str]()),
    ],
)
def test_changes_replace_as_the_provider_decides(
    engine: Engine, type: str, old: Mapping[str, Any], new: Mapping[str, Any], replaced: set[str]
) -> None:
    assert engine.diff(type, old, new)[1] == replaced


@pytest.mark.parametrize(
    ("type", "inputs", "reason"),
    [
        (CONFIG_MAP, {"metadata": metadata("Settings")}, "invalid name (got 'Settings', 8 characters)"),
        (SERVICE, {"metadata": metadata("1web"), "spec": {"ports": [{"port": 80}]}}, "with a letter first"),
        (CRON_JOB, {"metadata": metadata("a" * 53), "spec": CRON_SPEC}, "Allowed are 52"),
        (CONFIG_MAP, {"metadata": {"name": "a", "namespace": "other"}}, 'namespaces "other" not found'),
        (CONFIG_MAP, {"metadata": metadata("a", team="a b")}, "the value is invalid (got 'a b')"),
        (CONFIG_MAP, {"metadata": metadata("a"), "apiVersion": "v2"}, "it does not match the type (got 'v2')"),
        (NAMESPACE, {"metadata": {"name": "b", "labels": {"pod-security.kubernetes.io/warn": "x"}}}, "must be one of"),
        (SERVICE, {"metadata": metadata("web"), "spec": {"ports": [{"port": 0}]}}, "out of range (got 0)"),
        (SERVICE, {"metadata": metadata("web"), "spec": {}}, "spec.ports: it is required"),
        (CONFIG_MAP, {"metadata": metadata("a"), "data": {"a": "x" * 1_048_577}}, "too long"),
    ],
)
def test_invalid_objects_are_rejected(engine: Engine, type: str, inputs: Mapping[str, Any], reason: str) -> None:
    assert any(reason in found for found in reasons(engine, type, inputs))


def test_valid_deployment_runs_and_is_updated(engine: Engine) -> None:
    made = engine.create_outputs(DEPLOYMENT, deployment(replicas=3))
    assert made["status"]["availableReplicas"] == 3
    assert reasons(engine, DEPLOYMENT, {**deployment(), "metadata": metadata("other")}) == []


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (deployment(selector={"matchLabels": {"app": "x"}}), "does not match the labels of the template (got app=api)"),
        (deployment(selector={}), "an empty selector is invalid"),
        (
            deployment(strategy={"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}),
            "it must not be 0 when maxSurge is 0",
        ),
        (deployment(minReadySeconds=600), "it must be greater than minReadySeconds"),
        (deployment({**POD, "restartPolicy": "Never"}), "Supported values: Always"),
        (deployment(container(resources={"requests": {"cpu": "half"}})), "not a quantity (got 'half')"),
        (
            deployment(container(resources={"requests": {"memory": "1Gi"}, "limits": {"memory": "512Mi"}})),
            "more than the limit (got 1Gi)",
        ),
        (deployment(container(livenessProbe={"periodSeconds": 5})), "one handler is required (got none)"),
        (
            deployment(container(livenessProbe={"httpGet": {"port": "web"}})),
            "no pod becomes ready: the container has no port 'web'",
        ),
        (
            deployment(container(lifecycle={"preStop": {"sleep": {"seconds": 31}}})),
            "Allowed are 0 to the terminationGracePeriodSeconds of 30",
        ),
        (
            deployment(
                {**POD, "topologySpreadConstraints": [{"maxSkew": 0, "topologyKey": "z", "whenUnsatisfiable": "x"}]}
            ),
            "spec.topologySpreadConstraints[0].maxSkew: the value is out of range (got 0)",
        ),
        (deployment(container(volumeMounts=[{"name": "tmp", "mountPath": "/tmp"}])), "the pod has no volume 'tmp'"),
        (deployment({"containers": [CONTAINER]}), 'violates PodSecurity "restricted:latest": runAsNonRoot != true'),
        (
            deployment(container(securityContext={"runAsUser": 0})),
            'allowPrivilegeEscalation != false (container "app" must set',
        ),
        (deployment({**POD, "hostNetwork": True}), "host namespaces (hostNetwork=true)"),
        (deployment({**POD, "serviceAccountName": "api"}), 'serviceaccount "api" not found'),
        (
            deployment(container(env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "s", "key": "a"}}}])),
            'configmap "s" not found',
        ),
        (
            deployment(container(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "a"}}}])),
            'secret "s" not found',
        ),
        (deployment({**POD, "volumes": [{"name": "s", "configMap": {"name": "s"}}]}), 'configmap "s" not found'),
        (
            deployment(
                {
                    **POD,
                    "volumes": [
                        {
                            "name": "s",
                            "csi": {
                                "driver": "secrets-store.csi.k8s.io",
                                "volumeAttributes": {"secretProviderClass": "s"},
                            },
                        }
                    ],
                }
            ),
            'secretproviderclass "s" not found',
        ),
    ],
)
def test_deployment_whose_pods_cannot_start_is_rejected(engine: Engine, inputs: Mapping[str, Any], reason: str) -> None:
    assert any(reason in found for found in reasons(engine, DEPLOYMENT, inputs))


def test_containers_of_a_stateful_set_mount_the_volumes_of_its_claims(engine: Engine) -> None:
    made = copy.deepcopy(deployment())
    spec = made["spec"]
    spec.pop("strategy", None)
    spec["template"]["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    spec["serviceName"] = "api"
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    spec["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": claim}]
    assert reasons(engine, "kubernetes:apps/v1:StatefulSet", made) == []
    spec["volumeClaimTemplates"][0]["metadata"]["name"] = "other"
    assert any("no volume 'data'" in each for each in reasons(engine, "kubernetes:apps/v1:StatefulSet", made))


def test_pod_security_applies_only_where_a_namespace_enforces_it(engine: Engine) -> None:
    engine.create(NAMESPACE, {"metadata": {"name": "open"}}, name="open")
    inputs = deployment({"containers": [CONTAINER]})
    assert reasons(engine, DEPLOYMENT, {**inputs, "metadata": {"name": "api", "namespace": "open"}}) == []


def test_secret_of_the_csi_driver_has_the_keys_of_its_provider_class(engine: Engine) -> None:
    spec = {
        "provider": "aws",
        "parameters": {"objects": '[{"objectName": "app", "objectType": "secretsmanager", "objectAlias": "URI"}]'},
        "secretObjects": [{"secretName": "api-secrets", "data": [{"key": "URI", "objectName": "URI"}]}],
    }
    assert reasons(engine, SECRETS, {"metadata": metadata("api"), "spec": spec}) == []
    volume = {
        "name": "secrets",
        "csi": {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"secretProviderClass": "api"}},
    }

    def pod(key: str) -> dict[str, Any]:
        reference = {"secretKeyRef": {"name": "api-secrets", "key": key}}
        return {**container(env=[{"name": "URI", "valueFrom": reference}]), "volumes": [volume]}

    assert reasons(engine, DEPLOYMENT, deployment(pod("URI"))) == []
    (found,) = reasons(engine, DEPLOYMENT, {**deployment(pod("OTHER")), "metadata": metadata("other")})
    assert "couldn't find key OTHER in secret api-secrets" in found


def _autoscaler(**spec: Any) -> dict[str, Any]:
    cpu = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"}
    return {
        "metadata": metadata("api"),
        "spec": {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 4, "metrics": [cpu], **spec},
    }


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (_autoscaler(minReplicas=5), "below minReplicas (got 4). It must be 5 or more"),
        (_autoscaler(minReplicas=0), "below 1 (got 0)"),
        (_autoscaler(metrics=[{"type": "External"}]), "a metric of type External needs external"),
        (
            _autoscaler(metrics=[{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}]),
            "needs one of averageUtilization, averageValue (got none)",
        ),
        (_autoscaler(behavior={"scaleDown": {"stabilizationWindowSeconds": 3601}}), "Allowed are 0 to 3600"),
        (
            _autoscaler(scaleTargetRef={"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}),
            'deployments.apps "x" not found',
        ),
    ],
)
def test_invalid_autoscaler_is_rejected(engine: Engine, inputs: Mapping[str, Any], reason: str) -> None:
    engine.create(DEPLOYMENT, deployment(), name="api")
    (found,) = reasons(engine, AUTOSCALER, inputs)
    assert reason in found


def test_autoscaler_needs_requests_of_the_resource_that_it_scales_on(engine: Engine) -> None:
    engine.create(DEPLOYMENT, deployment(), name="api")
    assert reasons(engine, AUTOSCALER, _autoscaler()) == []
    engine.update(DEPLOYMENT, "app/api", deployment(container(resources={})))
    (found,) = reasons(engine, AUTOSCALER, {**_autoscaler(), "metadata": metadata("other")})
    assert "missing request for cpu in container app" in found


@pytest.mark.parametrize(
    ("labels", "accepted"), [({"app": "api"}, True), ({"app": UNKNOWN}, True), ({"app": "other"}, False), ({}, False)]
)
def test_replication_controller_selects_its_own_pods(engine: Engine, labels: dict[str, Any], *, accepted: bool) -> None:
    template = {"metadata": {"labels": labels}, "spec": POD}
    inputs = {"metadata": metadata("api"), "spec": {"selector": {"app": "api"}, "template": template}}
    failures = engine.check("kubernetes:core/v1:ReplicationController", inputs).failures
    assert [each.reason for each in failures if "the selector does not match" not in each.reason] == []
    assert (not failures) is accepted


def _scaled(**changes: Any) -> dict[str, Any]:
    queue = {"queueURL": "https://sqs.eu-west-1.amazonaws.com/1/jobs", "awsRegion": "eu-west-1"}
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"},
        "minReplicaCount": 1,
        "maxReplicaCount": 4,
        "triggers": [{"type": "aws-sqs-queue", "metadata": queue, "authenticationRef": {"name": "identity"}}],
        **changes,
    }
    return {"metadata": metadata("api"), "spec": spec}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"minReplicaCount": 5}, "MinReplicaCount=5 must be less than MaxReplicaCount=4"),
        ({"triggers": []}, "spec.triggers: it is required"),
        ({"triggers": [{"type": "aws-sqs-queue", "metadata": {"awsRegion": "a"}}]}, "metadata.queueURL"),
        ({"triggers": [{"type": "cron", "metadata": {"desiredReplicas": 3}}]}, "not a string (got 3"),
        ({"scaleTargetRef": {"name": "other"}}, 'deployments.apps "other" not found'),
        (
            {"triggers": [{"type": "cpu", "metadata": {"value": "70"}, "authenticationRef": {"name": "none"}}]},
            'triggerauthentications.keda.sh "none" not found',
        ),
    ],
)
def test_invalid_scaled_object_is_rejected(engine: Engine, changes: Mapping[str, Any], reason: str | None) -> None:
    engine.create(DEPLOYMENT, deployment(), name="api")
    engine.create(
        AUTHENTICATION,
        {"metadata": metadata("identity"), "spec": {"podIdentity": {"provider": "aws"}}},
        name="identity",
    )
    found = reasons(engine, SCALED_OBJECT, _scaled(**changes))
    assert found == [] if reason is None else [reason in each for each in found] == [True]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"minAvailable": 1, "maxUnavailable": 1}, "cannot be both set"),
        ({"maxUnavailable": "25"}, "nor a percentage (got '25')"),
        ({"maxUnavailable": -1}, "negative (got -1)"),
    ],
)
def test_invalid_budget_is_rejected(engine: Engine, spec: Mapping[str, Any], reason: str) -> None:
    (found,) = reasons(engine, BUDGET, {"metadata": metadata("api"), "spec": spec})
    assert reason in found


def test_policy_with_an_exception_outside_its_range_is_rejected(engine: Engine) -> None:
    block = {"cidr": "10.0.0.0/8", "except": ["192.168.0.0/16"]}
    spec = {"podSelector": {}, "egress": [{"to": [{"ipBlock": block}]}]}
    (found,) = reasons(engine, POLICY, {"metadata": metadata("api"), "spec": spec})
    assert "not within 10.0.0.0/8" in found


@pytest.mark.parametrize(
    ("schedule", "timezone", "reason"),
    [
        ("* * * *", "UTC", "not a cron schedule"),
        ("TZ=UTC 0 3 * * *", "UTC", "must not contain TZ"),
        ("@daily", "Mars/Base", "unknown time zone"),
    ],
)
def test_invalid_schedule_is_rejected(engine: Engine, schedule: str, timezone: str, reason: str) -> None:
    template = {"spec": {"template": {"spec": {**POD, "restartPolicy": "Never"}}}}
    spec = {"schedule": schedule, "timeZone": timezone, "jobTemplate": template}
    assert any(reason in each for each in reasons(engine, CRON_JOB, {"metadata": metadata("report"), "spec": spec}))


def test_binding_needs_its_target_group_and_service(engine: Engine) -> None:
    aws = Provider("aws", engine.cloud, registry())
    aws.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), engine.context)
    engine.create(SERVICE, {"metadata": metadata("web"), "spec": {"ports": [{"port": 80}]}}, name="web")

    def binding(arn: str, **spec: Any) -> dict[str, Any]:
        return {
            "metadata": metadata("web"),
            "spec": {"targetGroupARN": arn, "targetType": "ip", "serviceRef": {"name": "web", "port": 80}, **spec},
        }

    missing = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/x/0123456789abcdef"
    assert "TargetGroupNotFound" in reasons(engine, BINDING, binding(missing))[0]
    vpc = aws.Create(
        provider_pb2.CreateRequest(urn=urn("aws:ec2/vpc:Vpc", "vpc"), properties=struct({"cidrBlock": "10.0.0.0/16"})),
        engine.context,
    )
    group = {"port": 80, "protocol": "HTTP", "vpcId": vpc.id, "targetType": "ip", "name": "web"}
    request = provider_pb2.CreateRequest(urn=urn("aws:lb/targetGroup:TargetGroup", "web"), properties=struct(group))
    arn = plain(aws.Create(request, engine.context).properties)[0]["arn"]
    assert "has the target type ip" in reasons(engine, BINDING, binding(arn, targetType="instance"))[0]
    other = {"name": "other", "port": 80}
    assert 'service "other" not found' in reasons(engine, BINDING, binding(arn, serviceRef=other))[0]
    assert "no port 81" in reasons(engine, BINDING, binding(arn, serviceRef={"name": "web", "port": 81}))[0]
    assert reasons(engine, BINDING, binding(arn)) == []


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ("{", "it is no YAML"),
        ("[{objectName: app}]", "objectType must be secretsmanager or ssmparameter"),
        ("[{objectName: 'arn:aws:ssm:eu-west-1:1:parameter/a'}]", "given by its name, not by its ARN"),
        ("[{objectType: secretsmanager}]", "objectName is required"),
        ("[{objectName: 'arn:a', objectAlias: A}, {objectName: 'arn:b', objectAlias: A}]", "duplicate objectAlias"),
        ("[{objectName: 'arn:a', objectAlias: B}]", "no object has this alias (got A)"),
    ],
)
def test_invalid_secret_provider_is_rejected(engine: Engine, objects: str, reason: str) -> None:
    secret = {"secretName": "s", "data": [{"key": "A", "objectName": "A"}]}
    spec = {"provider": "aws", "parameters": {"objects": objects}, "secretObjects": [secret]}
    assert any(reason in each for each in reasons(engine, SECRETS, {"metadata": metadata("api"), "spec": spec}))


@pytest.mark.parametrize(
    ("requirement", "spec", "reason"),
    [
        ({"operator": "In", "values": []}, {}, "must have a value defined"),
        ({"operator": "Gt", "values": ["a"]}, {}, "needs a single positive integer"),
        ({"operator": "Is", "values": ["a"]}, {}, "unsupported value (got 'Is')"),
        ({"operator": "In", "values": ["a"]}, {"limits": {"cpu": "many"}}, "not a quantity (got 'many')"),
        ({"operator": "In", "values": ["a"]}, {"disruption": {"budgets": [{"nodes": "101%"}]}}, "neither a number"),
    ],
)
def test_invalid_node_pool_is_rejected(
    engine: Engine, requirement: Mapping[str, Any], spec: Mapping[str, Any], reason: str
) -> None:
    template = {"spec": {"nodeClassRef": {"name": "default"}, "requirements": [{"key": "a", **requirement}]}}
    inputs = {"metadata": {"name": "apps"}, "spec": {"template": template, **spec}}
    assert any(reason in each for each in reasons(engine, "kubernetes:karpenter.sh/v1:NodePool", inputs))
