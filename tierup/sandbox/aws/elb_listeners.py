"""Elastic Load Balancing: listeners and their certificates."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    rule,
)

from .acm import issued
from .elb import ELB, LISTENER, LOAD_BALANCER, QUOTAS, TRUST_STORE, below, kind_of, to_listener
from .elb_actions import (
    action_inputs,
    action_types,
    action_violations,
    authentication_on_https,
    forwards_to,
    group_stickiness,
    target_group_fits,
)
from .network import (
    APPLY,
)
from .same_scope import known, others_in_region
from .sources import RECORDED, api, created_only, sdk

LISTENER_CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate"

CERTIFICATE = "aws:acm/certificate:Certificate"

SSL_POLICIES = frozenset(
    f"ELBSecurityPolicy-{name}"
    for name in (
        *("2016-08", "2015-05", "TLS-1-1-2017-01", "TLS-1-2-2017-01", "TLS-1-2-Ext-2018-06"),
        *("FS-2018-06", "FS-1-1-2019-08", "FS-1-2-2019-08", "FS-1-2-Res-2019-08", "FS-1-2-Res-2020-10"),
        *("TLS13-1-3-2021-06", "TLS13-1-2-2021-06", "TLS13-1-2-Res-2021-06", "TLS13-1-2-Ext1-2021-06"),
        *("TLS13-1-2-Ext2-2021-06", "TLS13-1-1-2021-06", "TLS13-1-0-2021-06"),
        *("TLS13-1-3-FIPS-2023-04", "TLS13-1-2-FIPS-2023-04", "TLS13-1-2-Res-FIPS-2023-04"),
        *("TLS13-1-2-Ext0-FIPS-2023-04", "TLS13-1-2-Ext1-FIPS-2023-04", "TLS13-1-2-Ext2-FIPS-2023-04"),
        *("TLS13-1-1-FIPS-2023-04", "TLS13-1-0-FIPS-2023-04"),
        *("TLS13-1-3-PQ-2025-09", "TLS13-1-2-PQ-2025-09", "TLS13-1-2-Res-PQ-2025-09", "TLS13-1-0-PQ-2025-09"),
        *("TLS13-1-2-Ext1-PQ-2025-09", "TLS13-1-2-Ext2-PQ-2025-09", "TLS13-1-3-FIPS-PQ-2025-09"),
        *("TLS13-1-2-FIPS-PQ-2025-09", "TLS13-1-2-Res-FIPS-PQ-2025-09", "TLS13-1-0-FIPS-PQ-2025-09"),
        *("TLS13-1-2-Ext0-FIPS-PQ-2025-09", "TLS13-1-2-Ext1-FIPS-PQ-2025-09", "TLS13-1-2-Ext2-FIPS-PQ-2025-09"),
    )
)
"""SslPolicy of aws-cdk-lib 2.275.0 (read 2026-11-24); page to check:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""


@rule("listener-actions", Stage.PLAN, source=sdk("lb/listener"))
def listener_actions(call: Call) -> Iterator[Rejection]:
    yield from action_violations(call, "defaultActions")


@rule("listener-certificate-by-protocol", Stage.PLAN, source=sdk("lb/listener"))
def certificate_by_protocol(call: Call) -> Iterator[Rejection]:
    if call.get("protocol") is UNKNOWN:
        return
    protocol = call.get("protocol", "HTTP")
    secure = protocol in ("HTTPS", "TLS")
    if secure and call.get("certificateArn") is None:
        yield Rejection(
            "certificateArn", f"a certificate must be specified for {protocol} listeners", "ValidationError"
        )
    for path in ("certificateArn", "sslPolicy"):
        if not secure and call.get(path) is not None:
            yield Rejection(
                path,
                f"{path} is not supported for {protocol} listeners. Only HTTPS and TLS listeners support it.",
                "ValidationError",
            )
    if protocol != "TLS" and call.get("alpnPolicy") is not None:
        yield Rejection(
            "alpnPolicy", f"alpnPolicy is supported only for TLS listeners (got {protocol})", "ValidationError"
        )
    policy = known(call, "sslPolicy")
    if policy is not None and policy not in SSL_POLICIES:
        yield Rejection(
            "sslPolicy",
            f"unknown security policy (got '{policy}'). Use for example ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.",
            "SSLPolicyNotFound",
        )


@rule("mutual-tls-requires-https-and-trust-store", Stage.PLAN, source=sdk("lb/listener"))
def mutual_tls(call: Call) -> Iterator[Rejection]:
    at = "mutualAuthentication"
    mode = known(call, f"{at}.mode")
    if call.get(at) is None or mode is None:
        return
    if known(call, "protocol", "HTTPS") != "HTTPS":
        yield Rejection(
            at, f"{at} is supported only for HTTPS listeners (got {call.get('protocol')})", "ValidationError"
        )
    if (mode == "verify") != (call.get(f"{at}.trustStoreArn") is not None):
        verb = "needs" if mode == "verify" else "takes no"
        yield Rejection(f"{at}.trustStoreArn", f"mode {mode} {verb} trustStoreArn", "ValidationError")


@rule("listener-protocol-matches-load-balancer", *APPLY, source=sdk("lb/listener"))
def listener_protocol(call: Call) -> Iterator[Rejection]:
    owner = next(call.cloud.find(LOAD_BALANCER, arn=call.get("loadBalancerArn")), None)
    if owner is None:
        return
    kind, protocol = kind_of(owner.outputs), call.get("protocol")
    allowed = {
        "application": ("HTTP", "HTTPS"),
        "network": ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
        "gateway": (),
    }[kind]
    if protocol is not None and protocol not in allowed:
        yield Rejection(
            "protocol",
            f"a load balancer of type {kind} does not support {protocol}. Allowed are {', '.join(allowed)}.",
            "UnsupportedProtocol",
        )
    if kind != "gateway" and call.get("port") is None:
        yield Rejection("port", "port is required. Allowed are 1 to 65535.", "ValidationError")


@rule("one-listener-per-port", *APPLY, source=api(ELB, "CreateListener"))
def one_listener_a_port(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, LISTENER, loadBalancerArn=call.get("loadBalancerArn")):
        if other.outputs.get("port") == call.get("port"):
            yield Rejection(
                "port",
                f"the load balancer already listens on port {call.get('port')} ({other.name})",
                "DuplicateListener",
            )


@rule(
    "listener-certificate-is-issued",
    *APPLY,
    source=assumed("CreateListener returns UnsupportedCertificate for a pending certificate"),
)
def certificate_is_issued(call: Call) -> Iterator[Rejection]:
    arn = call.get("certificateArn")
    found = next(call.cloud.find(CERTIFICATE, arn=arn), None) if arn else None
    if found is not None and not issued(call.cloud, found):
        yield Rejection(
            "certificateArn",
            f"the certificate {arn} is not issued yet. Use the ARN of its CertificateValidation.",
            "UnsupportedCertificate",
        )


@rule("extra-certificate-requires-https", Stage.CREATE, source=api(ELB, "AddListenerCertificates"))
def extra_certificate(call: Call) -> Iterator[Rejection]:
    listener = next(call.cloud.find(LISTENER, arn=call.get("listenerArn")), None)
    protocol = listener.outputs.get("protocol") if listener else "HTTPS"
    if protocol not in ("HTTPS", "TLS"):
        yield Rejection(
            "listenerArn",
            f"the listener's protocol is {protocol}. Only HTTPS and TLS listeners have certificates.",
            "OperationNotPermitted",
        )


def _is_secure(call: Call) -> bool:
    return call.get("protocol") in ("HTTPS", "TLS")


_REQUEST_HEADERS = (
    *("XAmznMtlsClientcert", "XAmznMtlsClientcertIssuer", "XAmznMtlsClientcertLeaf", "XAmznMtlsClientcertSerialNumber"),
    *("XAmznMtlsClientcertSubject", "XAmznMtlsClientcertValidity", "XAmznTlsCipherSuite", "XAmznTlsVersion"),
)

_RESPONSE_HEADERS = (
    *("AccessControlAllowCredentials", "AccessControlAllowHeaders", "AccessControlAllowMethods"),
    *("AccessControlAllowOrigin", "AccessControlExposeHeaders", "AccessControlMaxAge", "ContentSecurityPolicy"),
    *("StrictTransportSecurity", "XContentTypeOptions", "XFrameOptions"),
)


def _to_certificate() -> Reference:
    return Reference(
        path="certificateArn",
        to=CERTIFICATE,
        by="arn",
        external=r"arn:aws:iam::\d+:server-certificate/.*",
        code="CertificateNotFound",
        in_use="ResourceInUseException",
        source=api(ELB, "CreateListener"),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=LISTENER,
        source=sdk("lb/listener"),
        id=lambda call: below(call.get("loadBalancerArn"), "listener", call),
        outputs={
            "arn": "{id}",
            "protocol": "HTTP",
            "sslPolicy": lambda call: "ELBSecurityPolicy-2016-08" if _is_secure(call) else "",
            "mutualAuthentication": lambda call: {"mode": "off"} if _is_secure(call) else None,
            "tcpIdleTimeoutSeconds": lambda call: 350 if call.get("protocol") == "TCP" else None,
            **{f"routingHttpRequest{header}HeaderName": "" for header in _REQUEST_HEADERS},
            **{f"routingHttpResponse{header}HeaderValue": "" for header in _RESPONSE_HEADERS},
            "routingHttpResponseServerEnabled": True,
        },
        replaces=frozenset({"loadBalancerArn"}),
        replace_source=created_only("AWS::ElasticLoadBalancingV2::Listener"),
        enums={
            "protocol": ("HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
            "mutualAuthentication.mode": ("off", "passthrough", "verify"),
            "alpnPolicy": ("HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"),
            "defaultActions[*].redirect.statusCode": ("HTTP_301", "HTTP_302"),
        },
        ranges={
            "port": (1, 65535),
            "tcpIdleTimeoutSeconds": (60, 6000),
            "defaultActions[*].order": (1, 50000),
            "defaultActions[*].forward.targetGroups[*].weight": (0, 999),
        },
        references=(
            Reference(
                path="loadBalancerArn",
                to=LOAD_BALANCER,
                by="arn",
                code="LoadBalancerNotFound",
                holds=False,  # deleting a load balancer deletes its listeners
                source=api(ELB, "CreateListener"),
            ),
            _to_certificate(),
            Reference(
                path="mutualAuthentication.trustStoreArn",
                to=TRUST_STORE,
                by="arn",
                code="TrustStoreNotFound",
                in_use="TrustStoreInUse",
                source=api(ELB, "CreateListener"),
            ),
            *forwards_to("defaultActions"),
        ),
        quotas=(
            Quota(
                limit=50,
                per="loadBalancerArn",
                what="listeners per load balancer",
                code="TooManyListeners",
                source=QUOTAS,
            ),
        ),
        rules=(
            certificate_by_protocol,
            mutual_tls,
            listener_actions,
            action_inputs,
            authentication_on_https,
            group_stickiness,
            listener_protocol,
            action_types,
            one_listener_a_port,
            certificate_is_issued,
            target_group_fits,
        ),
    ),
    Behaviour(
        type=LISTENER_CERTIFICATE,
        source=sdk("lb/listenercertificate"),
        id="{listenerArn}_{certificateArn}",
        replaces=frozenset({"listenerArn", "certificateArn"}),
        replace_source=RECORDED,
        references=(to_listener(holds=False), _to_certificate()),
        quotas=(
            Quota(
                limit=25,
                per="listenerArn",
                what="certificates per load balancer, not counting the default one",
                code="TooManyCertificates",
                source=QUOTAS,
            ),
        ),
        rules=(extra_certificate, certificate_is_issued),
    ),
)
