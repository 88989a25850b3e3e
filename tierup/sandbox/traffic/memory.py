"""What running tasks and pods keep: the image, the secrets and the names that they started with.

A cache keeps its old token.

ECS injects secrets when a container starts, so a later value needs a new task:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html (read 2026-11-28)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from tierup.sandbox.aws.access.tasks import containers as containers_of
from tierup.sandbox.aws.secret_replicas import secret_at
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.registrar import DnsProvider

from .manifests import DEPLOYMENT, secret_references, spec
from .rows import Rows, listed

SERVICE = "aws:ecs/service:Service"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
RUNNERS = (SERVICE, DEPLOYMENT)
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 (a type token)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection string without its password."""

    scheme: str
    host: str
    port: int  # 0 if the string names none
    user: str
    password_digest: str  # "" without a password
    options: str
    database: str = field(default="", compare=False)  # "" if the string names none


@dataclass(frozen=True, slots=True)
class Started:
    """What the running tasks of a service started with."""

    task_definition: str
    connections: Mapping[str, Connection]  # by the name of the variable
    secrets: Mapping[str, str]  # version id by the name of the variable
    names: frozenset[str]  # host names of Service Connect that existed when the tasks started

    def stale_secrets(self, connections: Mapping[str, Connection], versions: Mapping[str, str]) -> list[str]:
        """Return the variables whose secret has had another value since: the arguments are the current ones."""
        return sorted(
            name
            for name, version in versions.items()
            if self.secrets.get(name, version) != version
            or self.connections.get(name, connections.get(name)) != connections.get(name)
        )


@dataclass(slots=True)
class Memory:
    """What running tasks started with, by the id of their service or deployment."""

    started: dict[str, Started] = field(default_factory=dict[str, Started])
    old_tokens: dict[str, str] = field(default_factory=dict[str, str])
    """The digest of the token that a replication group accepts besides its current one, by id; "" for no token."""
    delegated: dict[str, DnsProvider] = field(default_factory=dict[str, DnsProvider])
    """The provider that answered for a host when a run began: the registrar delegates to it."""
    registrar: Mapping[str, DnsProvider] = field(default_factory=dict[str, DnsProvider])
    """The provider that a domain was delegated to with `tierup sandbox delegate`."""
    running: set[str] = field(default_factory=set[str])
    """The ARNs of services whose tasks run while a run lasts. What tasks need to start does not matter to these."""

    def observe(self, before: CloudResource | None, after: CloudResource | None, rows: Rows) -> bool:
        """Record a change of a service, of a deployment of pods, or of a cache.

        Return whether tasks or pods were started or ended, or a token changed.

        `rows` contain the change. A change of the desired count starts no deployment.
        """
        changed = after or before
        if changed is not None and changed.type == CACHE:
            return self._observe_cache(changed.id, before, after)
        if after is None or after.type not in RUNNERS:
            if before is not None and before.type in RUNNERS:
                return self.started.pop(before.id, None) is not None
            return False
        if before is not None and before.id in self.started and not _deploys(before, after):
            return False
        self.started[after.id] = started_with(after, rows) if after.type == SERVICE else pods_started_with(after, rows)
        return True

    def _observe_cache(self, id: str, before: CloudResource | None, after: CloudResource | None) -> bool:
        """Record the token that ROTATE, the default, keeps; SET and DELETE remove it.

        A cache that gets its first token by ROTATE also accepts clients without one.
        https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html (read 2026-11-28)
        """
        known = self.old_tokens.get(id)
        old = before.inputs.get("authToken") if before is not None else None
        new = after.inputs.get("authToken") if after is not None else None
        rotates = after is not None and after.inputs.get("authTokenUpdateStrategy") in (None, "ROTATE")
        was_open = before is not None and not old and not before.inputs.get("userGroupIds")
        if not (rotates and isinstance(new, str) and (isinstance(old, str) or was_open)):
            self.old_tokens.pop(id, None)
        elif old != new:
            self.old_tokens[id] = digest(old) if isinstance(old, str) else ""
        return self.old_tokens.get(id) != known


_DEPLOYING = (
    "taskDefinition", "networkConfiguration", "loadBalancers", "serviceConnectConfiguration", "platformVersion",
    "serviceRegistries", "volumeConfiguration", "vpcLatticeConfigurations", "triggers",
)  # fmt: skip
"""Properties whose change starts a deployment. `forceNewDeployment` starts one at every update that has it set.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html ("triggers a new service deployment" at
each parameter; botocore's model, read 2026-11-28). `triggers` is the provider's.
"""


def _deploys(before: CloudResource, after: CloudResource) -> bool:
    if after.type == DEPLOYMENT:  # a change of the template starts a rollout, one of the replicas does not
        return spec(before).get("template") != spec(after).get("template")
    return bool(after.inputs.get("forceNewDeployment")) or any(
        before.inputs.get(name) != after.inputs.get(name) for name in _DEPLOYING
    )


def started_with(service: CloudResource, rows: Rows) -> Started:
    """Return what a task of the service that starts now gets."""
    definition_arn = str(service.outputs.get("taskDefinition", ""))
    definition = task_definition(rows, definition_arn)
    connections, versions = secret_facts(definition, rows)
    return Started(definition_arn, connections, versions, frozenset(connect_names(service, rows)))


def pods_started_with(deployment: CloudResource, rows: Rows) -> Started:
    """Return what a pod of the deployment that starts now gets."""
    connections, versions = facts_of(secret_references(rows, deployment), rows)
    return Started("", connections, versions, frozenset())


def task_definition(rows: Rows, reference: str) -> CloudResource | None:
    """Return a task definition by its ARN, or by "family:revision", or by its family (the newest revision)."""
    found = rows.one(TASK_DEFINITION, arn=reference)
    if found is not None:
        return found
    family, _, revision = reference.rpartition("/")[2].partition(":")
    revisions = [
        each for each in rows.find(TASK_DEFINITION, family=family) if revision in ("", str(each.value("revision")))
    ]
    return revisions[-1] if revisions else None


def containers(definition: CloudResource | None) -> list[dict[str, Any]]:
    """Return the container definitions of a task definition."""
    return containers_of(definition) if definition is not None else []


def current_version(rows: Rows, secret_reference: str) -> CloudResource | None:
    """Return the current version of a secret that a container definition names by its ARN, a JSON key included."""
    arn = ":".join(secret_reference.split(":")[:7])
    secret = secret_at(rows.find, arn)
    versions = list(rows.find(SECRET_VERSION, secretId=str(secret.value("arn")) if secret is not None else arn))
    current = [each for each in versions if "AWSCURRENT" in listed(each.value("versionStages"))]
    return (current or versions or [None])[-1]


def secret_facts(definition: CloudResource | None, rows: Rows) -> tuple[dict[str, Connection], dict[str, str]]:
    """Return the connections and the version ids of the secrets that a task gets when it starts now."""
    return facts_of(
        {
            str(secret["name"]): str(secret["valueFrom"])
            for container in containers(definition)
            for secret in container.get("secrets", ())
        },
        rows,
    )


def facts_of(references: Mapping[str, str], rows: Rows) -> tuple[dict[str, Connection], dict[str, str]]:
    """Return the connections and the version ids of secrets, by the names of their variables."""
    connections: dict[str, Connection] = {}
    versions: dict[str, str] = {}
    for name, reference in references.items():
        version = current_version(rows, reference) if reference else None
        if version is None:
            continue
        versions[name] = str(version.value("versionId") or version.id)
        connection = parse_connection(version.value("secretString"))
        if connection is not None:
            connections[name] = connection
    return connections, versions


def parse_connection(text: Any) -> Connection | None:
    """Return the parts of a connection string of MongoDB or Redis; None for any other text."""
    if not isinstance(text, str) or not text.startswith(("mongodb://", "mongodb+srv://", "redis://", "rediss://")):
        return None
    scheme, _, rest = text.partition("://")
    first_host = rest
    if scheme == "mongodb":  # several hosts, separated by commas
        credentials, at, hosts = rest.rpartition("@")
        first_host = credentials + at + hosts.partition(",")[0]
        if "," in hosts:
            first_host += "/" + hosts.partition("/")[2]
    try:
        parts = urlsplit(f"{scheme}://{first_host}")
        port = parts.port or 0
    except ValueError:
        return None
    return Connection(
        scheme=scheme,
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password_digest=digest(unquote(parts.password)) if parts.password else "",
        options=parts.query,
        database=parts.path.strip("/"),
    )


def digest(password: str) -> str:
    """Return a digest of a password, by which equal passwords are found without the passwords."""
    return hashlib.sha256(password.encode()).hexdigest()


def connect_names(service: CloudResource, rows: Rows) -> dict[str, CloudResource]:
    """Return the host names of Service Connect that a task of the service can resolve, each with its service."""
    configuration = service.outputs.get("serviceConnectConfiguration") or {}
    if not configuration.get("enabled"):
        return {}
    namespace = configuration.get("namespace")
    return {
        alias["dnsName"]: other
        for other in rows.all(SERVICE)
        if (theirs := other.outputs.get("serviceConnectConfiguration") or {}).get("namespace") == namespace
        for entry in listed(theirs.get("services"))
        for alias in listed(entry.get("clientAlias") or entry.get("clientAliases"))
        if alias.get("dnsName")
    }


def to_document(started: Started) -> dict[str, Any]:
    """Return a record as plain values for JSON."""
    return {
        "task_definition": started.task_definition,
        "connections": {name: asdict(connection) for name, connection in started.connections.items()},
        "secrets": dict(started.secrets),
        "names": sorted(started.names),
    }


def from_document(document: Mapping[str, Any]) -> Started:
    """Return the record that `to_document` has written."""
    return Started(
        task_definition=document["task_definition"],
        connections={name: Connection(**values) for name, values in document["connections"].items()},
        secrets=document["secrets"],
        names=frozenset(document["names"]),
    )
