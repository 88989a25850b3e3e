"""The hops of keys, endpoints, health checks, TLS versions, caches of CDNs, and pages that call the API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.cloudfront.site_distribution import page_router
from tests.tierup.sandbox.traffic import small_stack
from tests.tierup.sandbox.traffic.cloud_rows import row, world
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.traffic.flow import follow
from tierup.sandbox.traffic.flow_registry import derive
from tierup.sandbox.traffic.flows import browsers
from tierup.sandbox.traffic.hop import Request, Verdict
from tierup.sandbox.traffic.hops import (
    alb,
    atlas,
    cloudflare,
    cloudfront,
    dns,
    elasticache,
    kms,
    network,
    routes,
    tls,
    waf,
)
from tierup.sandbox.traffic.memory import SERVICE, TASK_DEFINITION, Connection, parse_connection

KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/1"
ZONE = "0123456789abcdef0123456789abcdef"


# --- KMS ---


@pytest.mark.parametrize(
    ("reference", "enabled", "verdict"),
    [
        ("", True, None),
        ("alias/aws/secretsmanager", True, None),
        (KEY_ARN, True, None),
        (KEY_ARN, False, Verdict.FAIL),
        ("arn:aws:kms:eu-west-1:123456789012:key/none", True, Verdict.FAIL),
        ("arn:aws:kms:eu-west-1:999999999999:key/other", True, Verdict.UNKNOWN),
    ],
)
def test_a_key_must_exist_and_be_enabled(reference: str, verdict: Verdict | None, *, enabled: bool) -> None:
    key = row(kms.KEY, "key", id="1", arn=KEY_ARN, isEnabled=enabled)
    found = kms.usable(world(key), reference, row("aws:secretsmanager/secret:Secret", "secret"))
    assert (found.verdict if found is not None else None) is verdict


# --- TLS versions ---


@pytest.mark.parametrize(
    ("policy", "versions"),
    [
        ("ELBSecurityPolicy-2016-08", ("1.0", "1.1", "1.2")),
        ("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", ("1.2",)),
        ("ELBSecurityPolicy-FS-1-1-2019-08", ("1.1", "1.2")),
        ("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", ("1.2", "1.3")),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", ("1.3",)),
        ("ELBSecurityPolicy-New", ()),
    ],
)
def test_a_security_policy_has_the_versions_of_its_name(policy: str, versions: tuple[str, ...]) -> None:
    assert tls.listener_versions(policy) == versions


@pytest.mark.parametrize(("minimum", "first"), [("TLSv1", "1.0"), ("TLSv1.2_2021", "1.2"), ("1.1", "1.1")])
def test_an_edge_accepts_its_minimum_and_later_versions(minimum: str, first: str) -> None:
    assert tls.from_minimum(minimum)[0] == first
    assert tls.from_minimum("none") == ()


def test_a_client_needs_a_version_in_common_with_the_edge() -> None:
    old = Request(host="h", tls_versions=("1.0", "1.1"))
    assert tls.version("r", "p", "the edge", ("1.2", "1.3"), old).verdict is Verdict.FAIL
    assert tls.version("r", "p", "the edge", ("1.1", "1.2"), old).passed
    assert tls.version("r", "p", "the edge", (), old).verdict is Verdict.UNKNOWN


# --- health checks ---


def _service(path: str, other: str = "", **check: Any) -> tuple[CloudResource, list[CloudResource]]:
    groups = [row(alb.TARGET_GROUP, "one", id="arn:one", arn="arn:one", healthCheck={"path": path, **check})]
    block: dict[str, Any] = {"targetGroupArn": "arn:one"}
    if other:
        groups.append(row(alb.TARGET_GROUP, "two", id="arn:two", arn="arn:two", healthCheck={"path": other}))
        block["advancedConfiguration"] = {"alternateTargetGroupArn": "arn:two"}
    return row(SERVICE, "backend-service", name="backend", loadBalancers=[block]), groups


@pytest.mark.parametrize(
    ("path", "other", "known"),
    [
        ("/health", "", True),
        ("/api/status", "", True),
        ("/", "", True),
        ("/nope", "", False),
        ("/health", "/ready", False),
    ],
)
def test_a_health_path_is_known_if_it_is_usual_and_all_checks_agree(path: str, other: str, *, known: bool) -> None:
    service, groups = _service(path, other)
    assert (alb.unanswered(world(service, *groups), service, path) == "") is known


@pytest.mark.parametrize(("matcher", "matches"), [("200", True), ("200-299", True), ("301,200", True), ("301", False)])
def test_a_matcher_contains_codes_and_ranges(matcher: str, *, matches: bool) -> None:
    assert alb.matches_status(matcher, 200) is matches


def test_a_redirect_to_https_never_ends_if_the_cdn_connects_over_http() -> None:
    action = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443"}}
    listener = row(alb.LISTENER, "http", id="arn:l", defaultActions=[action])
    balancer = row(dns.LOAD_BALANCER, "alb")

    def verdicts(**changes: Any) -> list[Verdict]:
        request = Request(host="h", scheme="http", **changes)
        return [hop.verdict for hop in alb.answer(world(listener, balancer), balancer, listener, request)]

    assert verdicts() == [Verdict.PASS]
    assert verdicts(client_scheme="https")[0] is Verdict.FAIL


def test_a_request_that_another_rule_decides_names_that_rule() -> None:
    def rule(name: str, priority: int, pattern: str) -> CloudResource:
        answer = {"type": "fixed-response", "fixedResponse": {"statusCode": "200"}}
        return row(
            alb.LISTENER_RULE, name, id=f"arn:{name}", listenerArn="arn:l", priority=priority, actions=[answer],
            conditions=[{"pathPattern": {"values": [pattern]}}],
        )  # fmt: skip

    listener, balancer = row(alb.LISTENER, "https", id="arn:l"), row(dns.LOAD_BALANCER, "alb")
    request = Request(host="h", path="/reports/x", rule="arn:reports")
    late = world(listener, balancer, rule("all", 10, "/*"), rule("reports", 20, "/reports/*"))
    first = next(alb.answer(late, balancer, listener, request))
    assert (first.verdict, first.property, "all" in first.reason) == (Verdict.FAIL, "priority", True)
    early = world(listener, balancer, rule("all", 30, "/*"), rule("reports", 20, "/reports/*"))
    assert all(hop.passed for hop in alb.answer(early, balancer, listener, request))


# --- CDNs ---


def _behavior(**changes: Any) -> dict[str, Any]:
    return {
        "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "originRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, []),
        ({"originRequestPolicyId": None}, ["cdn-forwarding"]),
        ({"cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}, ["cdn-cache"]),
        ({"cachePolicyId": "unlisted"}, ["cdn-cache"]),
    ],
)
def test_an_api_behind_cloudfront_gets_all_headers_and_is_not_cached(changes: dict[str, Any], names: list[str]) -> None:
    hops = cloudfront.api_policies(world(), "cdn", _behavior(**changes), Request(host="h"))
    assert [hop.name for hop in hops] == names


_HOST_POLICIES = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": True,  # AllViewer
    "33f36d7e-f396-46d9-90e0-52428a34d9dc": True,  # AllViewerAndCloudFrontHeaders-2022-06
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": False,  # AllViewerExceptHostHeader
    "except-host": False,
    "host": True,
}


@pytest.mark.parametrize(("policy", "forwarded"), _HOST_POLICIES.items())
def test_cloudfront_sends_the_viewers_host_as_its_origin_request_policy_says(policy: str, *, forwarded: bool) -> None:
    def headers(name: str, behavior: str) -> CloudResource:
        config = {"headerBehavior": behavior, "headers": {"items": ["Host"]}}
        return row(cloudfront.ORIGIN_REQUEST_POLICY, name, headersConfig=config)

    cloud = world(headers("except-host", "allExcept"), headers("host", "whitelist"))
    assert cloudfront.forwards_host(cloud, {"originRequestPolicyId": policy}) is forwarded


def test_a_function_that_may_answer_itself_is_unknown_and_a_missing_one_fails() -> None:
    function = row(cloudfront.FUNCTION, "f", arn="arn:f", publish=True, code="return {statusCode: 403}")
    behavior = {"functionAssociations": [{"functionArn": "arn:f", "eventType": "viewer-request"}]}
    request = Request(host="app.example.com")
    found = [
        list(cloudfront.functions(each, "cdn", "default", behavior, request)) for each in (world(function), world())
    ]
    assert [[hop.verdict for hop in hops] for hops in found] == [[Verdict.UNKNOWN], [Verdict.FAIL]]


@pytest.mark.parametrize(
    ("host", "verdicts"),
    [("app.example.com", []), ("www.example.com", [Verdict.UNKNOWN]), ("d1.cloudfront.net", [Verdict.UNKNOWN])],
)
def test_a_function_that_redirects_other_names_serves_the_own_name(host: str, verdicts: list[Verdict]) -> None:
    code = page_router("app.example.com", ["www.example.com"])
    function = row(cloudfront.FUNCTION, "f", arn="arn:f", publish=True, code=code)
    behavior = {"functionAssociations": [{"functionArn": "arn:f", "eventType": "viewer-request"}]}
    found = cloudfront.functions(world(function), "cdn", "default", behavior, Request(host=host))
    assert [hop.verdict for hop in found] == verdicts


def test_cloudflare_must_be_the_zones_dns_provider_and_not_challenge_all_requests() -> None:
    record = row(
        dns.CLOUDFLARE_RECORD, "api", name="api.example.com", type="CNAME", proxied=True, zoneId=ZONE, content="x"
    )

    def names(*rows: CloudResource) -> set[str]:
        cloud = world(record, *rows)
        answer = dns.answers_for(cloud.rows, "api.example.com")[0]
        found = cloudflare.serve(cloud, answer, Request(host="api.example.com"))
        return {hop.property for hop in found if not hop.passed}

    zone = row(dns.CLOUDFLARE_ZONE, "zone", id=ZONE, name="example.com", status="pending", paused=True)
    attack = row(cloudflare.ZONE_SETTING, "level", zoneId=ZONE, settingId="security_level", value="under_attack")
    assert names(zone, attack) >= {"status", "paused", "security_level"}


# --- web ACLs ---


def test_a_rule_blocks_what_an_earlier_rule_has_labelled() -> None:
    path = {
        "byteMatchStatement": {
            "searchString": "/api", "positionalConstraint": "STARTS_WITH", "fieldToMatch": {"uriPath": {}},
            "textTransformations": [{"priority": 0, "type": "NONE"}],
        }
    }  # fmt: skip
    labelled = {"name": "l", "priority": 1, "action": {"count": {}}, "statement": path, "ruleLabels": [{"name": "api"}]}
    statement = {"labelMatchStatement": {"scope": "LABEL", "key": "api"}}
    blocked = {"name": "b", "priority": 2, "action": {"block": {}}, "statement": statement}
    acl = row(waf.ACL, "acl", rules=[labelled, blocked], defaultAction={"allow": {}})
    assert waf.web_acl(world(), acl, Request(host="h", path="/api/tasks")).verdict is Verdict.FAIL
    assert waf.web_acl(world(), acl, Request(host="h", path="/")).passed


# --- data ---


@pytest.mark.parametrize(
    ("access", "allowed"),
    [
        ("on ~* +@all", True),
        ("on ~* &* +@all -@dangerous -@admin +info", True),
        ("on ~* -@all", False),
        ("on +@all", False),
        ("on ~app:* +@all", None),
        ("on ~* +@all -@write", None),
    ],
)
def test_an_access_string_allows_commands_on_keys(access: str, *, allowed: bool | None) -> None:
    assert elasticache.commands(access) is allowed


@pytest.mark.parametrize(
    ("access", "on"), [("on ~* +@all", True), ("~* +@all on", True), ("~* +@all", False), ("on off ~*", False)]
)
def test_the_last_on_or_off_of_an_access_string_decides(access: str, *, on: bool) -> None:
    assert elasticache.is_on(access) is on


@pytest.mark.parametrize(
    ("property", "deploys"),
    [("platformVersion", True), ("serviceRegistries", True), ("volumeConfiguration", True), ("desiredCount", False)],
)
def test_an_update_of_a_service_starts_tasks_as_ecs_documents(property: str, *, deploys: bool) -> None:
    before, after = row(SERVICE, "s"), row(SERVICE, "s", **{property: "changed"})
    cloud = world(after)
    cloud.memory.observe(None, before, cloud.rows)
    assert cloud.memory.observe(before, after, cloud.rows) is deploys


def _connection(text: str) -> Connection:
    found = parse_connection(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("roles", "verdict"),
    [
        ([{"roleName": "readWrite", "databaseName": "app"}], Verdict.PASS),
        ([{"roleName": "readWriteAnyDatabase", "databaseName": "admin"}], Verdict.PASS),
        ([{"roleName": "readWrite", "databaseName": "other"}], Verdict.FAIL),
        ([{"roleName": "read", "databaseName": "app"}], Verdict.FAIL),
        ([{"roleName": "own", "databaseName": "admin"}], Verdict.UNKNOWN),
    ],
)
def test_a_database_user_needs_a_role_that_writes(roles: list[dict[str, str]], verdict: Verdict) -> None:
    user = row(atlas.USER, "user", projectId="p", username="app", password="secret", roles=roles)
    cluster = row(atlas.CLUSTER, "cluster", name="app")
    connection = _connection("mongodb+srv://app:secret@app.a1.mongodb.net/app")
    assert atlas.user(world(user), "p", cluster, connection, "").verdict is verdict


def test_a_temporary_user_is_deleted_at_its_date() -> None:
    user = row(
        atlas.USER, "user", projectId="p", username="app", password="secret", deleteAfterDate="2020-01-01T00:00:00Z"
    )
    connection = _connection("mongodb+srv://app:secret@app.a1.mongodb.net/app")
    hop = atlas.user(world(user), "p", row(atlas.CLUSTER, "c", name="app"), connection, "")
    assert hop.property == "deleteAfterDate"


# --- pages ---


@pytest.mark.parametrize(
    ("policy", "origins", "failing"),
    [
        ("connect-src 'self' https://api.example.com", "https://example.com", []),
        ("connect-src 'self'", "https://example.com", ["page-policy"]),
        ("default-src 'self'", "https://example.com", ["page-policy"]),
        ("default-src *", "https://other.example", ["cors"]),
    ],
)
def test_a_page_needs_the_sites_policy_and_the_apis_origins(policy: str, origins: str, failing: list[str]) -> None:
    headers = row(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "headers", id="headers",
        securityHeadersConfig={"contentSecurityPolicy": {"contentSecurityPolicy": policy}},
    )  # fmt: skip
    distribution = row(
        dns.DISTRIBUTION, "cdn", aliases=["example.com"], defaultCacheBehavior={"responseHeadersPolicyId": "headers"}
    )
    container = {"name": "backend", "environment": [{"name": "ALLOWED_ORIGINS", "value": origins}]}
    definition = row(TASK_DEFINITION, "task", arn="arn:task", containerDefinitions=json.dumps([container]))
    service = row(SERVICE, "backend-service", taskDefinition="arn:task", loadBalancers=[{"targetGroupArn": "x"}])
    hops = browsers.page_calls(world(headers, distribution, definition, service), "example.com", "api.example.com")
    assert [hop.name for hop in hops if not hop.passed] == failing


# --- the network ---


def test_a_subnet_reaches_the_internet_only_through_an_attached_gateway_and_a_public_nat() -> None:
    def property_of(**changes: Any) -> str:
        gateway = {"connectivityType": "public", "subnetId": "subnet-2", "allocationId": "eip-1", **changes}
        rows = (
            row(network.SUBNET, "one", id="subnet-1", vpcId="vpc"),
            row(network.SUBNET, "two", id="subnet-2", vpcId="vpc"),
            row(network.ASSOCIATION, "a1", subnetId="subnet-1", routeTableId="rtb-1"),
            row(network.ASSOCIATION, "a2", subnetId="subnet-2", routeTableId="rtb-2"),
            row(network.ROUTE, "r1", routeTableId="rtb-1", destinationCidrBlock="0.0.0.0/0", natGatewayId="nat"),
            row(network.ROUTE, "r2", routeTableId="rtb-2", destinationCidrBlock="0.0.0.0/0", gatewayId="igw"),
            row(network.INTERNET_GATEWAY, "igw", id="igw", vpcId=changes.get("attached", "vpc")),
            row(network.EIP, "eip", allocationId="eip-1"),
            row(network.NAT_GATEWAY, "nat", id="nat", **gateway),
        )
        hop = routes.to_internet(world(*rows), network.Party(name="tasks", subnets=["subnet-1"]))
        return "" if hop.passed else hop.property

    assert property_of() == ""
    assert property_of(connectivityType="private") == "connectivityType"
    assert property_of(allocationId="eip-2") == "allocationId"
    assert property_of(attached="vpc-other") == "subnetId"


# --- the KMS key of the database ---


@pytest.mark.parametrize(
    ("action", "enabled", "failed"),
    [("kms:Decrypt", True, []), ("kms:Encrypt", True, ["policy"]), ("kms:Decrypt", False, ["isEnabled"])],
)
def test_an_encrypted_database_needs_its_key_and_a_role_that_decrypts(
    action: str, failed: list[str], *, enabled: bool
) -> None:
    role_arn = "arn:aws:iam::123456789012:role/atlas"
    delegated = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*"}
    allowed = {"Effect": "Allow", "Action": action, "Resource": KEY_ARN}
    version = {"Version": "2012-10-17"}
    key_policy = json.dumps({**version, "Statement": [{**delegated, "Resource": "*"}]})
    trust = json.dumps({**version, "Statement": [{**delegated, "Action": "sts:AssumeRole"}]})
    rows = [
        row(atlas.CLUSTER, "cluster", name="app", projectId="p", encryptionAtRestProvider="AWS",
            connectionStrings={"standardSrv": "mongodb+srv://app.x.mongodb.net"}),
        row(atlas.ENCRYPTION, "encryption", projectId="p",
            awsKmsConfig={"enabled": True, "customerMasterKeyId": "1", "roleId": "r"}),
        row(atlas.AUTHORIZATION, "authorization", projectId="p", roleId="r", aws={"iamAssumedRoleArn": role_arn}),
        row("aws:iam/role:Role", "atlas", id="atlas", name="atlas", arn=role_arn, assumeRolePolicy=trust),
        row("aws:iam/rolePolicy:RolePolicy", "use", role="atlas",
            policy=json.dumps({**version, "Statement": [allowed]})),
        row(kms.KEY, "key", id="1", arn=KEY_ARN, isEnabled=enabled, policy=key_policy),
    ]  # fmt: skip
    connection = parse_connection("mongodb+srv://app:secret@app.x.mongodb.net/app")
    assert connection is not None
    hops = list(atlas.connect(world(*rows), network.Party(name="the tasks"), connection, ""))
    assert [each.property for each in hops if each.name == "kms-key"] == failed


# --- client certificates ---


def test_a_listener_with_mutual_tls_refuses_clients_without_a_certificate() -> None:
    def open_flows(mode: str) -> dict[str, Verdict]:
        rows = small_stack.stack()
        (listener,) = [each for each in rows if each.type == alb.LISTENER]
        values: dict[str, Any] = {**listener.outputs, "mutualAuthentication": {"mode": mode}}
        verifying = row(alb.LISTENER, listener.name, id=listener.id, **values)
        found = world(*(verifying if each is listener else each for each in rows))
        flows = [
            each for each in derive(found.rows) if "certificate" in each.source or each.id.startswith("browser GET")
        ]
        return {each.id: follow(each, found).verdict for each in flows}

    ordinary = f"browser GET https://{small_stack.HOST}/api/tasks"
    assert open_flows("off") == {ordinary: Verdict.PASS}
    assert open_flows("verify") == {
        ordinary: Verdict.PASS,
        f"a client without a certificate to {small_stack.HOST}": Verdict.FAIL,
    }


# --- the private endpoints of the database ---


def test_each_region_with_nodes_needs_a_private_endpoint() -> None:
    subnet = row(network.SUBNET, "subnet", vpcId="vpc")
    linked = [
        row(atlas.LINK, "home", projectId="p", privateLinkId="link", regionName="EU_WEST_1"),
        row(atlas.LINK_SERVICE, "service", projectId="p", privateLinkId="link", endpointServiceId="vpce"),
        # Atlas offers the service in a second region, without an interface endpoint.
        row(atlas.LINK, "other", projectId="p", privateLinkId="link-2", regionName="EU_WEST_3"),
    ]
    tasks = network.Party(name="the tasks", subnets=["subnet"])
    host = parse_connection("mongodb+srv://app:secret@app-pl-0.x.mongodb.net/app")
    assert host is not None

    def regions_without_endpoint(*regions: str) -> list[str]:
        specs = [{"regionConfigs": [{"regionName": region} for region in regions]}]
        strings = {"standardSrv": "mongodb+srv://app.x.mongodb.net"}
        cluster = row(
            atlas.CLUSTER, "cluster", name="app", projectId="p", connectionStrings=strings, replicationSpecs=specs
        )
        hops = atlas.connect(world(subnet, cluster, *linked), tasks, host, "")
        return [each.reason for each in hops if each.property == "replicationSpecs"]

    assert regions_without_endpoint("EU_WEST_1") == []
    assert regions_without_endpoint("EU_WEST_1", "EU_WEST_3") == [
        "The cluster has nodes in EU_WEST_3, where no interface endpoint is registered with Atlas."
    ]
