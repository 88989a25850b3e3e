"""What the APIs of App Runner, AppSync, Transfer Family and Amazon MQ check beyond their models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .same_scope import known
from .service_references import token
from .sources import api, sdk, unread

_CPU = {"256": "0.25", "512": "0.5", "1024": "1", "2048": "2", "4096": "4"}
_MEMORY = {"0.25": (0.5, 1), "0.5": (1,), "1": (2, 3, 4), "2": (4, 6), "4": (8, 10, 12)}
"""The GB of memory by vCPU. Source: InstanceConfiguration of App Runner's API reference, from memory."""


@rule("app-runner-instance", Stage.PLAN, source=unread("apprunner", "InstanceConfiguration: Cpu, Memory"))
def _instance(call: Call) -> Iterator[Rejection]:
    cpu = str(known(call, "instanceConfiguration.cpu", "1024")).removesuffix(" vCPU")
    memory = str(known(call, "instanceConfiguration.memory", "2048"))
    cpu = _CPU.get(cpu, cpu)
    try:
        size = float(memory.removesuffix(" GB")) if memory.endswith(" GB") else int(memory) / 1024
    except ValueError:
        return
    if cpu in _MEMORY and size not in _MEMORY[cpu]:
        yield Rejection(
            "instanceConfiguration.memory",
            f"it is not allowed for {cpu} vCPU (got {size:g} GB). Allowed are {', '.join(map(str, _MEMORY[cpu]))} GB.",
            "InvalidRequestException",
        )


@rule("app-runner-image", Stage.PLAN, source=api("apprunner", "SourceConfiguration: AuthenticationConfiguration"))
def _image(call: Call) -> Iterator[Rejection]:
    source = "sourceConfiguration"
    kind = known(call, f"{source}.imageRepository.imageRepositoryType")
    if kind == "ECR" and call.get(f"{source}.authenticationConfiguration.accessRoleArn") is None:
        yield Rejection(
            f"{source}.authenticationConfiguration", "Authentication configuration is required for a private image of"
            " ECR. Set accessRoleArn.", "InvalidRequestException",
        )  # fmt: skip
    if kind == "ECR_PUBLIC" and call.get(f"{source}.autoDeploymentsEnabled") is True:
        yield Rejection(
            f"{source}.autoDeploymentsEnabled", "Auto deployments are not supported for images of ECR Public.",
            "InvalidRequestException",
        )  # fmt: skip
    if call.get(f"{source}.codeRepository") is not None and (
        call.get(f"{source}.authenticationConfiguration.connectionArn") is None
    ):
        yield Rejection(
            f"{source}.authenticationConfiguration", "A code repository needs connectionArn.",
            "InvalidRequestException",
        )  # fmt: skip


@rule("graphql-schema", Stage.PLAN, source=unread("appsync", "StartSchemaCreation"))
def _schema(call: Call) -> Iterator[Rejection]:
    text = known(call, "schema")
    if not isinstance(text, str):
        return
    text = re.sub(r'"""(?:.|\n)*?"""|"[^"\n]*"|#[^\n]*', "", text)
    if any(text.count(first) != text.count(last) for first, last in ("{}", "()", "[]")):
        yield Rejection("schema", "Schema Creation Status is FAILED with details: a bracket has no partner.", "FAILED")
    elif re.search(r":\s*[)}]", text):
        yield Rejection("schema", "Schema Creation Status is FAILED with details: a field has no type.", "FAILED")
    elif text.strip() and not re.search(r"\btype\s+Query\b|\bschema\s*\{|\bextend\b|\bQuery\b", text):
        yield Rejection("schema", "Schema Creation Status is FAILED with details: there is no query type.", "FAILED")


@rule("protocols-of-endpoint", Stage.PLAN, source=api("transfer", "CreateServer: Protocols"))
def _protocols(call: Call) -> Iterator[Rejection]:
    protocols = {each for _, each in located(call.inputs, "protocols[*]") if isinstance(each, str)}
    plain = protocols & {"FTP", "FTPS"}
    error = "InvalidRequestException"
    if "FTPS" in protocols and call.get("certificate") is None:
        yield Rejection("certificate", "it must be set for the protocol FTPS (got none).", error)
    if plain and known(call, "endpointType", "PUBLIC") == "PUBLIC":
        yield Rejection("endpointType", f"{sorted(plain)[0]} requires an endpoint in a VPC (got PUBLIC).", error)
    if plain and known(call, "identityProviderType", "SERVICE_MANAGED") == "SERVICE_MANAGED":
        yield Rejection("identityProviderType", f"{sorted(plain)[0]} does not support SERVICE_MANAGED.", error)
    if "AS2" in protocols and known(call, "identityProviderType", "SERVICE_MANAGED") != "SERVICE_MANAGED":
        yield Rejection("identityProviderType", "AS2 requires SERVICE_MANAGED.", error)
    if "AS2" in protocols and known(call, "endpointType", "PUBLIC") == "PUBLIC":
        yield Rejection("endpointType", "AS2 requires an endpoint in a VPC (got PUBLIC).", error)


@rule("users-of-broker", Stage.PLAN, source=api("mq", "CreateBroker: Users"))
def _users(call: Call) -> Iterator[Rejection]:
    users, engine = known(call, "users"), str(known(call, "engineType")).lower()
    if engine == "rabbitmq" and isinstance(users, list) and len(users) > 1:
        yield Rejection("users", f"RabbitMQ has one user at creation (got {len(users)}).", "BadRequestException")
    mode = str(known(call, "deploymentMode", "SINGLE_INSTANCE")).upper()
    if (mode == "CLUSTER_MULTI_AZ" and engine == "activemq") or (
        mode == "ACTIVE_STANDBY_MULTI_AZ" and engine == "rabbitmq"
    ):
        yield Rejection("deploymentMode", f"{engine} does not support {mode}.", "BadRequestException")
    size = str(known(call, "hostInstanceType"))
    if mode == "CLUSTER_MULTI_AZ" and size.startswith(("mq.t2", "mq.t3")):
        yield Rejection("hostInstanceType", f"{size} does not support clusters.", "BadRequestException")
    if engine == "rabbitmq" and call.get("ldapServerMetadata") is not None:
        yield Rejection("ldapServerMetadata", "RabbitMQ does not support it.", "BadRequestException")


@rule("sizes-of-auto-scaling", Stage.PLAN, source=unread("apprunner", "CreateAutoScalingConfiguration"))
def _sizes(call: Call) -> Iterator[Rejection]:
    low, high = known(call, "minSize", 1), known(call, "maxSize", 25)
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        yield Rejection("minSize", f"it must not exceed maxSize (got {low:g}, {high:g}).", "InvalidRequestException")


@rule("key-expires-within-a-year", Stage.CREATE, source=api("appsync", "CreateApiKey: expires"))
def _expires(call: Call) -> Iterator[Rejection]:
    try:
        expires = datetime.fromisoformat(str(call.get("expires")))
    except ValueError:
        return
    now = datetime.now(expires.tzinfo or UTC)
    expires = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
    if not timedelta(days=1) <= expires - now <= timedelta(days=366):
        yield Rejection(
            "expires", "API key must be valid for a minimum of 1 days and a maximum of 365 days.",
            "ApiKeyValidityOutOfBoundsException",
        )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=token("appsync.ApiKey"), source=sdk("appsync/apikey"), rules=(_expires,)),
    Behaviour(
        type=token("apprunner.AutoScalingConfigurationVersion"),
        source=sdk("apprunner/autoscalingconfigurationversion"),
        rules=(_sizes,),
    ),
    Behaviour(type=token("apprunner.Service"), source=sdk("apprunner/service"), rules=(_instance, _image)),
    Behaviour(type=token("appsync.GraphQLApi"), source=sdk("appsync/graphqlapi"), rules=(_schema,)),
    Behaviour(type=token("mq.Broker"), source=sdk("mq/broker"), rules=(_users,)),
    Behaviour(type=token("transfer.Server"), source=sdk("transfer/server"), rules=(_protocols,)),
)
