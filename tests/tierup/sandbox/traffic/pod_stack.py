"""The rows of pods on EKS behind the load balancer of the small stack, for tests of the traffic model."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.tierup.sandbox.traffic import small_stack
from tests.tierup.sandbox.traffic.cloud_rows import row
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.traffic.hops import alb, atlas, elasticache, iam, network, network_policies, pod_targets, pods
from tierup.sandbox.traffic.manifests import DEPLOYMENT, SECRET_PROVIDER
from tierup.sandbox.traffic.memory import SECRET_VERSION, SERVICE, TASK_DEFINITION

GROUP = "arn:pods"
NAMESPACE = "app"
CLUSTER_ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/dev"
ROLE = "arn:aws:iam::123456789012:role/backend-pods"
NODE_ROLE = "arn:aws:iam::123456789012:role/nodes"
_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
_CACHE_HOST = "cache.example.com"
_LABELS = {"app.kubernetes.io/name": "backend"}


def kubernetes(type: str, name: str, object_name: str = "", **values: Any) -> CloudResource:
    """Return an object in the namespace of the application."""
    metadata = {"name": object_name or name, "namespace": NAMESPACE}
    return row(type, name, id=f"{NAMESPACE}/{object_name or name}", region="", metadata=metadata, **values)


def deployment(**changes: Any) -> CloudResource:
    """Return the deployment; `changes` are those of the pods' spec."""
    container = {
        "name": "app",
        "image": "public.ecr.aws/app:1",
        "ports": [{"name": "http", "containerPort": 5000}],
        "readinessProbe": {"httpGet": {"path": "/health", "port": "http"}},
        "env": [
            {"name": "PORT", "value": "5000"},
            *(
                {"name": name, "valueFrom": {"secretKeyRef": {"name": "backend-secrets", "key": name}}}
                for name in ("MONGODB_URI", "REDIS_URL")
            ),
        ],
    }
    csi = {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"secretProviderClass": "backend"}}
    pod = {
        "serviceAccountName": "backend",
        "nodeSelector": {"kubernetes.io/arch": "arm64"},
        "containers": [container],
        "volumes": [{"name": "secrets", "csi": csi}],
        **changes,
    }
    return kubernetes(
        DEPLOYMENT, "backend", spec={"replicas": None, "template": {"metadata": {"labels": _LABELS}, "spec": pod}}
    )


def policy(**changes: Any) -> CloudResource:
    """Return the NetworkPolicy of the pods."""
    outgoing = [
        {"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]},
        {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}], "ports": [{"port": 443}]},
        {"to": [{"ipBlock": {"cidr": "10.0.0.0/16"}}], "ports": [{"port": 6379}]},
        {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 27017}]},
    ]
    values = {
        "podSelector": {"matchLabels": _LABELS},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/16"}}], "ports": [{"protocol": "TCP", "port": 5000}]}],
        "egress": outgoing,
        **changes,
    }
    return kubernetes(network_policies.NETWORK_POLICY, "backend", spec=values)


def provider() -> CloudResource:
    """Return the SecretProviderClass."""
    names = {"MONGODB_URI": "database", "REDIS_URL": "cache"}
    objects = [{"objectName": f"{_SECRET}{secret}", "objectAlias": name} for name, secret in names.items()]
    synced = {"secretName": "backend-secrets", "data": [{"objectName": name, "key": name} for name in names]}
    values = {"provider": "aws", "parameters": {"objects": json.dumps(objects)}, "secretObjects": [synced]}
    return kubernetes(SECRET_PROVIDER, "backend", spec=values)


def binding(**changes: Any) -> CloudResource:
    """Return the binding of the pods to their target group."""
    values = {"targetGroupARN": GROUP, "targetType": "ip", "serviceRef": {"name": "backend", "port": 5000}, **changes}
    return kubernetes(pod_targets.BINDINGS[0], "backend-pods", spec=values)


def cluster(**changes: Any) -> CloudResource:
    """Return the cluster, in Auto Mode."""
    values: dict[str, Any] = {
        "name": "dev", "arn": CLUSTER_ARN,
        "vpcConfig": {
            "subnetIds": ["subnet-1"], "clusterSecurityGroupId": "sg-cluster", "vpcId": "vpc-1",
            "endpointPublicAccess": False, "publicAccessCidrs": [],
        },
        "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": True}, "serviceIpv4Cidr": "172.20.0.0/16"},
        "computeConfig": {"enabled": True, "nodeRoleArn": NODE_ROLE, "nodePools": ["system"]},
        **changes,
    }  # fmt: skip
    return row(pods.CLUSTER, "eks-cluster", id="dev", **values)


def _secrets() -> list[CloudResource]:
    texts = {
        "database": "mongodb+srv://app:word@db.1.mongodb.net/app",  # pragma: allowlist secret
        "cache": f"rediss://{_CACHE_HOST}:6379",
    }
    found: list[CloudResource] = []
    for name, text in texts.items():
        arn = f"{_SECRET}{name}"
        found += [
            row("aws:secretsmanager/secret:Secret", f"{name}-secret", id=arn, arn=arn),
            row(SECRET_VERSION, f"{name}-version", secretId=arn, versionId="1", secretString=text),
        ]
    return found


def _data() -> list[CloudResource]:
    return [
        row(
            atlas.CLUSTER, "database", projectId="project", name="db",
            connectionStrings={"standardSrv": "mongodb+srv://db.1.mongodb.net"},
        ),
        row(
            atlas.USER, "database-user", projectId="project", username="app",
            password="word", authDatabaseName="admin",  # pragma: allowlist secret
            roles=[{"roleName": "readWriteAnyDatabase"}],
        ),
        row(atlas.ACCESS_LIST, "database-access", projectId="project", cidrBlock="192.0.2.1/32"),
        row(atlas.EIP, "nat-address", publicIp="192.0.2.1"),
        row(
            elasticache.REPLICATION_GROUP, "cache", primaryEndpointAddress=_CACHE_HOST, port=6379,
            securityGroupIds=["sg-cache"], subnetGroupName="cache", transitEncryptionEnabled=True,
        ),
        row(network.SECURITY_GROUP, "cache-group", id="sg-cache"),
        row(elasticache.SUBNET_GROUP, "cache-subnets", name="cache", subnetIds=["subnet-1"]),
        small_stack.rule("pods-into-cache", network.INGRESS, "cache", 6379, referencedSecurityGroupId="sg-cluster"),
    ]  # fmt: skip


def _identity() -> list[CloudResource]:
    trust = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {"StringEquals": {"aws:RequestTag/kubernetes-namespace": NAMESPACE}},
            }
        ]
    }
    reads = {
        "Statement": [{"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": [f"{_SECRET}*"]}]
    }
    return [
        row(iam.ROLE, "backend-pods", id="backend-pods", arn=ROLE, name="backend-pods",
            assumeRolePolicy=json.dumps(trust)),
        row("aws:iam/rolePolicy:RolePolicy", "backend-pods", role="backend-pods", name="reads",
            policy=json.dumps(reads)),
        row(pods.IDENTITY, "backend-identity", clusterName="dev", namespace=NAMESPACE, serviceAccount="backend",
            roleArn=ROLE),
    ]  # fmt: skip


def pod_rows() -> list[CloudResource]:
    """Return the rows of the pods and of what they connect to."""
    requirements = [{"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]}]
    port = {"name": "http", "port": 5000, "targetPort": 5000}
    return [
        cluster(),
        row(pods.ADDON, "secrets-addon", clusterName="dev", addonName=pods.SECRETS_ADDON,
            configurationValues=json.dumps({"secrets-store-csi-driver": {"syncSecret": {"enabled": True}}})),
        row(pods.NAMESPACE, "app", region="", metadata={"name": NAMESPACE}),
        row(network_policies.CONFIG_MAP, "network-policies", region="", metadata={"name": "amazon-vpc-cni"},
            data={"enable-network-policy-controller": "true"}),
        row(pods.NODE_POOL, "apps", region="", spec={"template": {"spec": {"requirements": requirements}}}),
        kubernetes(pods.SERVICE_ACCOUNT, "backend"),
        kubernetes(pod_targets.SERVICE, "backend", spec={"selector": _LABELS, "ports": [port], "type": "ClusterIP"}),
        kubernetes(pods.AUTOSCALER, "backend", spec={"scaleTargetRef": {"name": "backend"}, "minReplicas": 2}),
        provider(),
        policy(),
        deployment(),
        binding(),
        row(alb.TARGET_GROUP, "pods", id=GROUP, arn=GROUP, port=5000, vpcId="vpc-1", deregistrationDelay=30,
            tags={"eks:eks-cluster-name": "dev"},
            healthCheck={"path": "/health", "interval": 15, "healthyThreshold": 2}),
        small_stack.rule("lb-to-pods", network.EGRESS, "lb", 5000, referencedSecurityGroupId="sg-cluster"),
        small_stack.rule("pods-from-lb", network.INGRESS, "cluster", 5000, referencedSecurityGroupId="sg-lb"),
        *_identity(),
        *_secrets(),
        *_data(),
    ]  # fmt: skip


def share(pods_percent: int) -> CloudResource:
    """Return the listener with requests divided between the tasks and the pods."""
    groups = [{"arn": GROUP, "weight": pods_percent}, {"arn": "arn:targets", "weight": 100 - pods_percent}]
    return row(
        alb.LISTENER, "api-https", id="arn:listener", loadBalancerArn=small_stack.ALB_ARN, port=443, protocol="HTTPS",
        certificateArn="arn:own", defaultActions=[{"type": "forward", "forward": {"targetGroups": groups}}],
    )  # fmt: skip


def stack(pods_percent: int = 100, *, tasks: bool = False) -> list[CloudResource]:
    """Return the rows of a stack whose load balancer sends requests to pods, and to the tasks that may remain."""
    of_ecs = (SERVICE, TASK_DEFINITION)
    replaced = (alb.LISTENER, network.SUBNET, *(() if tasks else of_ecs))
    rows = [each for each in small_stack.stack() if each.type not in replaced]
    subnet = row(
        network.SUBNET, "public", id="subnet-1", vpcId="vpc-1", cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1a",
        mapPublicIpOnLaunch=True,
    )  # fmt: skip
    return [*rows, subnet, *pod_rows(), share(pods_percent)]


def with_spec(resource: CloudResource, **changes: Any) -> CloudResource:
    """Return an object with other values in its spec."""
    values = {**resource.outputs, "spec": {**resource.outputs["spec"], **changes}}
    return replace(resource, inputs=values, outputs=values)
