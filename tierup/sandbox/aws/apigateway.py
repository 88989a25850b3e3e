"""API Gateway: resources, methods and deployments of an API, and what a route or stage refers to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, located, rule
from .elb import LOAD_BALANCER, kind_of
from .network import APPLY
from .same_scope import known, others_in_region
from .sources import api, sdk, unread

_API = "aws:apigateway/restApi:RestApi"
_METHOD = "aws:apigateway/method:Method"
_RESOURCE = "aws:apigateway/resource:Resource"
_STAGE = "aws:apigateway/stage:Stage"
_V2_API = "aws:apigatewayv2/api:Api"
_BAD = "BadRequestException"


def _has_body(call: Call) -> bool:
    """Return whether an OpenAPI document may define the methods of the API."""
    found = call.cloud.get(_API, str(call.get("restApi")))
    put = next(call.cloud.find("aws:apigateway/restApiPut:RestApiPut", restApiId=call.get("restApi")), None)
    return found is None or not found.urn or bool(found.inputs.get("body")) or put is not None


@rule("deployment-has-methods", Stage.CREATE, source=unread("apigateway", "CreateDeployment"))
def _methods(call: Call) -> Iterator[Rejection]:
    if _has_body(call):
        return
    methods = list(call.cloud.find(_METHOD, restApi=call.get("restApi")))
    if not methods:
        yield Rejection(
            "restApi", "The REST API doesn't contain any methods. Make the deployment depend on them.", _BAD
        )
    integrations = {
        (each.inputs.get("resourceId"), each.inputs.get("httpMethod"))
        for each in call.cloud.find("aws:apigateway/integration:Integration", restApi=call.get("restApi"))
    }
    for method in methods:
        if (method.inputs.get("resourceId"), method.inputs.get("httpMethod")) not in integrations:
            yield Rejection(
                "restApi",
                f"No integration defined for method '{method.name}'. Make the deployment depend on the integrations.",
                _BAD,
            )


@rule("method-exists", Stage.CREATE, source=unread("apigateway", "PutIntegration, PutMethodResponse"))
def _of_method(call: Call) -> Iterator[Rejection]:
    if _has_body(call):
        return
    same = {path: call.get(path) for path in ("restApi", "resourceId", "httpMethod")}
    if next(call.cloud.find(_METHOD, **same), None) is None:
        yield Rejection(
            "httpMethod", f"Invalid Method identifier specified: the resource has no method {call.get('httpMethod')}.",
            "NotFoundException",
        )  # fmt: skip


@rule("response-exists", Stage.CREATE, source=unread("apigateway", "PutIntegrationResponse"))
def _of_response(call: Call) -> Iterator[Rejection]:
    if _has_body(call):
        return
    same = {path: call.get(path) for path in ("restApi", "resourceId", "httpMethod")}
    if next(call.cloud.find("aws:apigateway/integration:Integration", **same), None) is None:
        yield Rejection(
            "httpMethod", "Invalid Integration identifier specified. Make the response depend on the integration.",
            "NotFoundException",
        )  # fmt: skip
    code = str(call.get("statusCode"))
    responses = call.cloud.find("aws:apigateway/methodResponse:MethodResponse", **same)
    if not any(str(each.inputs.get("statusCode")) == code for each in responses):
        yield Rejection(
            "statusCode", f"Invalid Response status code specified: the method has no response {code}.",
            "NotFoundException",
        )  # fmt: skip


@rule("body-is-openapi", Stage.PLAN, source=unread("apigateway", "ImportRestApi, PutRestApi"))
def _body(call: Call) -> Iterator[Rejection]:
    text = known(call, "body")
    if not isinstance(text, str):
        return
    if not re.search(r"""(?m)["']?\b(openapi|swagger)\b["']?\s*:""", text):
        yield Rejection("body", "Invalid OpenAPI input: the document has neither openapi nor swagger.", _BAD)
    elif text.lstrip().startswith("{"):
        try:
            json.loads(text)
        except ValueError:
            yield Rejection("body", "Unable to parse API definition because of a malformed document.", _BAD)


_FUNCTION = re.compile(r"arn:[^:]+:lambda:([^:]+):(\d+):function:([^:/]+)")


@rule("function-of-api-exists", *APPLY, source=assumed("an API with a function that does not exist answers 500"))
def _function(call: Call) -> Iterator[Rejection]:
    for path in ("uri", "integrationUri", "authorizerUri"):
        found = _FUNCTION.search(str(call.get(path) or ""))
        if found is None or found[2] != call.account or found[1] != call.region:
            continue
        if next(call.cloud.find("aws:lambda/function:Function", name=found[3]), None) is None:
            yield Rejection(path, f"the Function '{found[0]}' does not exist", _BAD)


@rule("uri-of-integration", Stage.PLAN, source=api("apigateway", "PutIntegration: uri"))
def _uri(call: Call) -> Iterator[Rejection]:
    kind, uri = known(call, "type"), known(call, "uri")
    if not isinstance(uri, str) or not isinstance(kind, str) or call.get("connectionType") == "VPC_LINK":
        return
    if kind.startswith("HTTP") and not uri.startswith(("http://", "https://", "${")):
        yield Rejection("uri", "Invalid HTTP endpoint specified for URI", _BAD)
    if kind.startswith("AWS") and not uri.startswith(("arn:", "${")):
        yield Rejection("uri", "Invalid ARN specified in the request", _BAD)
    if uri.startswith("arn:") and ":apigateway:" not in uri:
        yield Rejection("uri", "AWS ARN for integration must contain path or action. Use invokeArn.", _BAD)


@rule("payload-of-authorizer", *APPLY, source=api("apigatewayv2", "CreateAuthorizer: AuthorizerPayloadFormatVersion"))
def _payload(call: Call) -> Iterator[Rejection]:
    found = call.cloud.get(_V2_API, str(call.get("apiId")))
    protocol = found.inputs.get("protocolType") if found else None
    version = call.get("authorizerPayloadFormatVersion")
    if protocol == "HTTP" and call.get("authorizerType") == "REQUEST" and version is None:
        yield Rejection("authorizerPayloadFormatVersion", "it must be set for an HTTP API (got none).", _BAD)


@rule("one-path-variable-a-level", Stage.CREATE, source=unread("apigateway", "CreateResource"))
def _variables(call: Call) -> Iterator[Rejection]:
    part = str(call.get("pathPart"))
    for other in others_in_region(call, _RESOURCE, restApi=call.get("restApi"), parentId=call.get("parentId")):
        sibling = str(other.inputs.get("pathPart"))
        if part.startswith("{") and sibling.startswith("{") and part != sibling:
            yield Rejection(
                "pathPart", f"A sibling ({sibling}) of this resource already has a variable path part -- only one is"
                " allowed", _BAD,
            )  # fmt: skip


@rule("stage-of-usage-plan-exists", *APPLY, source=unread("apigateway", "CreateUsagePlan"))
def _plan_stages(call: Call) -> Iterator[Rejection]:
    for at, stage in located(call.inputs, "apiStages[*]"):
        same = {"restApi": stage.get("apiId"), "stageName": stage.get("stage")}
        if call.cloud.get(_API, str(stage.get("apiId"))) and next(call.cloud.find(_STAGE, **same), None) is None:
            yield Rejection(
                f"{at}.stage", f"API Stage not found: {stage.get('apiId')}:{stage.get('stage')}", "NotFoundException"
            )


@rule("regional-domain-has-regional-certificate", Stage.PLAN, source=unread("apigateway", "CreateDomainName"))
def _domain(call: Call) -> Iterator[Rejection]:
    types = str(known(call, "endpointConfiguration.types", "EDGE"))
    if "PRIVATE" in types:
        return
    if "REGIONAL" in types:
        kind, right, wrong = "REGIONAL", "regionalCertificateArn", "certificateArn"
    else:
        kind, right, wrong = "EDGE", "certificateArn", "regionalCertificateArn"
    if call.get(wrong) is not None and call.get(right) is None:
        yield Rejection(wrong, f"A domain name of type {kind} uses {right} (got {wrong}).", _BAD)


@rule("vpc-link-to-network-load-balancer", Stage.CREATE, source=unread("apigateway", "CreateVpcLink: targetArns"))
def _vpc_link(call: Call) -> Iterator[Rejection]:
    found = next(call.cloud.find(LOAD_BALANCER, arn=call.get("targetArn")), None)
    if found is not None and kind_of(found.outputs) != "network":
        yield Rejection("targetArn", "The target of a VPC link must be a network load balancer.", _BAD)


@rule("route-target-exists", *APPLY, source=unread("apigatewayv2", "CreateRoute: Target"))
def _route_target(call: Call) -> Iterator[Rejection]:
    target = call.get("target")
    if not isinstance(target, str):
        return
    kind, _, id = target.partition("/")
    found = call.cloud.get("aws:apigatewayv2/integration:Integration", id)
    if kind != "integrations" or found is None or found.inputs.get("apiId") != call.get("apiId"):
        yield Rejection("target", f"Invalid Integration identifier specified (got '{target}').", "NotFoundException")


@rule("integration-fits-protocol", *APPLY, source=unread("apigatewayv2", "CreateIntegration: IntegrationType"))
def _integration(call: Call) -> Iterator[Rejection]:
    found = call.cloud.get(_V2_API, str(call.get("apiId")))
    protocol, kind = found.inputs.get("protocolType") if found else None, call.get("integrationType")
    if protocol == "HTTP" and kind not in ("AWS_PROXY", "HTTP_PROXY"):
        yield Rejection("integrationType", f"HTTP APIs support AWS_PROXY and HTTP_PROXY only (got {kind}).", _BAD)
    timeout = call.get("timeoutMilliseconds")
    most = 30_000 if protocol == "HTTP" else 29_000
    if protocol and isinstance(timeout, (int, float)) and not 50 <= timeout <= most:
        yield Rejection("timeoutMilliseconds", f"it is out of range (got {timeout:g}). Allowed are 50 to {most}.", _BAD)
    if protocol == "WEBSOCKET" and call.get("payloadFormatVersion") == "2.0":
        yield Rejection("payloadFormatVersion", "WebSocket APIs support the payload format 1.0 only (got 2.0).", _BAD)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:apigateway/authorizer:Authorizer", source=sdk("apigateway/authorizer"), rules=(_function,)),
    Behaviour(
        type="aws:apigatewayv2/authorizer:Authorizer",
        source=sdk("apigatewayv2/authorizer"),
        rules=(_function, _payload),
    ),
    Behaviour(
        type="aws:apigateway/integrationResponse:IntegrationResponse",
        source=sdk("apigateway/integrationresponse"),
        rules=(_of_response,),
    ),
    Behaviour(type=_API, source=sdk("apigateway/restapi"), rules=(_body,)),
    Behaviour(type=_V2_API, source=sdk("apigatewayv2/api"), rules=(_body,)),
    Behaviour(type="aws:apigateway/deployment:Deployment", source=sdk("apigateway/deployment"), rules=(_methods,)),
    Behaviour(
        type="aws:apigateway/integration:Integration",
        source=sdk("apigateway/integration"),
        rules=(_of_method, _function, _uri),
    ),
    Behaviour(
        type="aws:apigateway/methodResponse:MethodResponse",
        source=sdk("apigateway/methodresponse"),
        rules=(_of_method,),
    ),
    Behaviour(type=_RESOURCE, source=sdk("apigateway/resource"), rules=(_variables,)),
    Behaviour(type="aws:apigateway/usagePlan:UsagePlan", source=sdk("apigateway/usageplan"), rules=(_plan_stages,)),
    Behaviour(type="aws:apigateway/domainName:DomainName", source=sdk("apigateway/domainname"), rules=(_domain,)),
    Behaviour(type="aws:apigateway/vpcLink:VpcLink", source=sdk("apigateway/vpclink"), rules=(_vpc_link,)),
    Behaviour(type="aws:apigatewayv2/route:Route", source=sdk("apigatewayv2/route"), rules=(_route_target,)),
    Behaviour(
        type="aws:apigatewayv2/integration:Integration",
        source=sdk("apigatewayv2/integration"),
        rules=(_integration, _function),
    ),
)
