"""The hops decide as the vendors document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.tierup.sandbox.traffic.cloud_rows import row, world
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.registrar import DnsProvider
from tierup.sandbox.traffic.conditions import Condition, ConditionKind, Conditions
from tierup.sandbox.traffic.flow import Flow, follow
from tierup.sandbox.traffic.hop import DEFINITION, Hop, Request, Verdict, World, passes
from tierup.sandbox.traffic.hops import alb, atlas, cloudflare, dns, elasticache, network, routes, s3, tls, waf
from tierup.sandbox.traffic.memory import Connection, digest, parse_connection

ZONE = "0123456789abcdef0123456789abcdef"


# --- DNS ---


def test_a_name_without_record_does_not_resolve() -> None:
    hop, answer = dns.resolve(world(), "api.example.com")
    assert (hop.verdict, answer) == (Verdict.FAIL, None)


def test_an_alias_record_answers_for_60_seconds() -> None:
    balancer = row(dns.LOAD_BALANCER, "alb", dnsName="a-1.eu-west-1.elb.amazonaws.com")
    record = row(
        dns.RECORD, "alias", fqdn="api.example.com", type="A",
        aliases=[{"name": "a-1.eu-west-1.elb.amazonaws.com", "zoneId": "Z"}],
    )  # fmt: skip
    hop, answer = dns.resolve(world(balancer, record), "api.example.com")
    assert hop.passed
    assert answer is not None
    assert (answer.kind, answer.ttl_seconds) == (dns.TargetKind.LOAD_BALANCER, 60)
    assert dns.resolve(world(balancer, record), "api.example.com", ipv6=True)[0].verdict is Verdict.FAIL


def test_the_registrar_decides_which_of_two_providers_answers() -> None:
    balancer = row(dns.LOAD_BALANCER, "alb", dnsName="a-1.eu-west-1.elb.amazonaws.com")
    one = row(dns.RECORD, "a", fqdn="api.example.com", type="A", aliases=[{"name": "a-1.eu-west-1.elb.amazonaws.com"}])
    other = row(
        dns.CLOUDFLARE_RECORD, "b", name="api.example.com", type="CNAME", proxied=False, ttl=1, zoneId=ZONE,
        content="a-1.eu-west-1.elb.amazonaws.com",
    )  # fmt: skip
    both = world(balancer, one, other)
    hop, answer = dns.resolve(both, "api.example.com")
    assert hop.passed
    assert answer is not None
    assert answer.record.type == dns.RECORD  # the older one
    both.memory.registrar = {"example.com": DnsProvider.CLOUDFLARE}
    hop, answer = dns.resolve(both, "api.example.com")
    assert hop.passed
    assert answer is not None
    assert answer.record.type == dns.CLOUDFLARE_RECORD
    unknown_order = world(balancer, one, replace(other, key=one.key))
    assert dns.resolve(unknown_order, "api.example.com")[0].verdict is Verdict.UNKNOWN
    moved = world(balancer, other)
    moved.memory.delegated["api.example.com"] = DnsProvider.ROUTE53
    assert dns.resolve(moved, "api.example.com")[0].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("ttl", "proxied", "seconds"), [(1, False, 300), (60, False, 60), (1, True, 300)])
def test_a_cloudflare_record_keeps_its_ttl_and_automatic_is_300_seconds(ttl: int, proxied: bool, seconds: int) -> None:
    balancer = row(dns.LOAD_BALANCER, "alb", dnsName="a-1.eu-west-1.elb.amazonaws.com")
    record = row(
        dns.CLOUDFLARE_RECORD, "b", name="api.example.com", type="CNAME", proxied=proxied, ttl=ttl, zoneId=ZONE,
        content="a-1.eu-west-1.elb.amazonaws.com",
    )  # fmt: skip
    zone = row(dns.CLOUDFLARE_ZONE, "zone", id=ZONE, name="example.com")
    _, answer = dns.resolve(world(balancer, record, zone), "api.example.com")
    assert answer is not None
    assert answer.ttl_seconds == seconds


# --- TLS ---


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("*.example.com", "www.example.com", True),
        ("*.example.com", "example.com", False),  # ACM guide: a wildcard does not cover the apex
        ("*.example.com", "a.b.example.com", False),  # nor two labels
        ("example.com", "example.com", True),
    ],
)
def test_a_wildcard_covers_one_label(pattern: str, name: str, covered: bool) -> None:
    assert tls.covers(pattern, name) is covered


@pytest.mark.parametrize(
    ("host", "verdict"),
    [
        ("example.com", Verdict.PASS),
        ("www.example.com", Verdict.PASS),
        ("dev.www.example.com", Verdict.FAIL),  # Cloudflare's own example of a name that is not covered
    ],
)
def test_universal_ssl_covers_the_apex_and_one_label(host: str, verdict: Verdict) -> None:
    zone = row(dns.CLOUDFLARE_ZONE, "zone", id=ZONE, name="example.com")
    assert tls.cloudflare_edge(world(zone), ZONE, host).verdict is verdict
    pack = row(tls.CERTIFICATE_PACK, "pack", zoneId=ZONE, hosts=["example.com", host])
    assert tls.cloudflare_edge(world(zone, pack), ZONE, host).passed


def test_a_certificate_must_be_validated_unexpired_and_in_the_region_of_its_edge() -> None:
    option = {"resourceRecordName": "_x.example.com."}
    certificate = row(tls.CERTIFICATE, "c", arn="arn:c", domainName="example.com", domainValidationOptions=[option])
    validation = row(dns.RECORD, "v", fqdn="_x.example.com", type="CNAME", records=["y"])
    assert tls.certificate(world(certificate), "arn:c", "example.com", edge="CloudFront").verdict is Verdict.FAIL
    valid = world(certificate, validation)
    assert tls.certificate(valid, "arn:c", "example.com", edge="CloudFront").passed
    elsewhere = tls.certificate(valid, "arn:c", "example.com", edge="CloudFront", region="us-east-1")
    assert (elsewhere.verdict, elsewhere.property) == (Verdict.FAIL, "region")
    valid.conditions = Conditions([Condition(ConditionKind.CERTIFICATE_EXPIRED, "c")])
    assert tls.certificate(valid, "arn:c", "example.com", edge="CloudFront").property == "notAfter"
    assert tls.certificate(world(), "arn:other", "example.com", edge="CloudFront").verdict is Verdict.UNKNOWN


# --- AWS WAF ---


def _acl(statement: dict[str, Any], action: str = "block") -> Any:
    return row(waf.ACL, "acl", rules=[{"name": "rule", "priority": 0, "action": {action: {}}, "statement": statement}])


def _header(value: str) -> dict[str, Any]:
    match = {
        "fieldToMatch": {"singleHeader": {"name": "x-key"}},
        "positionalConstraint": "EXACTLY",
        "searchString": value,
    }
    return {"notStatement": {"statement": {"byteMatchStatement": match}}}


@pytest.mark.parametrize(
    ("statement", "request_", "verdict"),
    [
        (_header("k"), Request(host="h", headers={"x-key": "k"}), Verdict.PASS),
        (_header("k"), Request(host="h"), Verdict.FAIL),
        ({"geoMatchStatement": {"countryCodes": ["DE"]}}, Request(host="h", country="DE"), Verdict.FAIL),
        ({"geoMatchStatement": {"countryCodes": ["DE"]}}, Request(host="h", country="FR"), Verdict.PASS),
        (
            {"sizeConstraintStatement": {"fieldToMatch": {"body": {}}, "comparisonOperator": "GT", "size": 8192}},
            Request(host="h", body_bytes=8193),
            Verdict.FAIL,
        ),
        ({"managedRuleGroupStatement": {"name": "AWSManagedRulesCommonRuleSet"}}, Request(host="h"), Verdict.PASS),
        ({"customStatement": {}}, Request(host="h"), Verdict.UNKNOWN),
    ],
)
def test_a_web_acl_blocks_what_a_rule_matches(statement: dict[str, Any], request_: Request, verdict: Verdict) -> None:
    acl = _acl(statement)
    assert waf.web_acl(world(acl), acl, request_).verdict is verdict


def test_a_counting_rule_blocks_nothing_and_an_allowing_rule_ends_the_evaluation() -> None:
    counting = _acl(_header("k"), action="count")
    assert waf.web_acl(world(counting), counting, Request(host="h")).passed
    inside = {"geoMatchStatement": {"countryCodes": ["DE"]}}
    rules = [{"name": "in", "priority": 0, "action": {"allow": {}}, "statement": inside}]
    allowing = row(waf.ACL, "acl", defaultAction={"block": {}}, rules=rules)
    assert waf.web_acl(world(allowing), allowing, Request(host="h", country="DE")).passed
    assert waf.web_acl(world(allowing), allowing, Request(host="h", country="FR")).property == "defaultAction"


# --- the network ---


def _party(name: str, subnet: str, group: str, **changes: Any) -> network.Party:
    return network.Party(name=name, subnets=[subnet], groups=[group], **changes)


def test_a_security_group_rule_that_references_a_group_allows_only_that_group() -> None:
    rule = row(
        network.INGRESS, "rule", securityGroupId="sg-db", referencedSecurityGroupId="sg-app", ipProtocol="tcp",
        fromPort=6379, toPort=6379,
    )  # fmt: skip
    there, app, other = _party("db", "s", "sg-db"), _party("app", "s", "sg-app"), _party("other", "s", "sg-other")
    cloud = world(rule)
    assert network.security_group(cloud, there, app, 6379, ingress=True).passed
    assert network.security_group(cloud, there, app, 6380, ingress=True).verdict is Verdict.FAIL
    assert network.security_group(cloud, there, other, 6379, ingress=True).verdict is Verdict.FAIL


def test_rules_for_ipv4_do_not_allow_ipv6() -> None:
    rule = row(
        network.INGRESS, "r", securityGroupId="sg", cidrIpv4="0.0.0.0/0", ipProtocol="tcp", fromPort=443, toPort=443
    )
    here = _party("here", "s", "sg")
    internet = network.Party(name="the internet", addresses=["198.51.100.7/32"])
    assert network.security_group(world(rule), here, internet, 443, ingress=True).passed
    assert network.security_group(world(rule), here, internet, 443, ingress=True, ipv6=True).verdict is Verdict.FAIL


def test_the_longest_prefix_of_a_route_table_wins() -> None:
    rows = (
        row(network.SUBNET, "s", id="subnet-1", vpcId="vpc", cidrBlock="10.0.0.0/24"),
        row(network.ASSOCIATION, "a", subnetId="subnet-1", routeTableId="rtb"),
        row(network.ROUTE, "r1", routeTableId="rtb", destinationCidrBlock="0.0.0.0/0", gatewayId="igw"),
        row(
            network.ROUTE, "r2", routeTableId="rtb", destinationCidrBlock="192.168.0.0/16", vpcPeeringConnectionId="pcx"
        ),
    )
    found = routes.route(world(*rows), "subnet-1", "192.168.248.0/21")
    assert found is not None
    assert found["vpcPeeringConnectionId"] == "pcx"


def test_a_task_without_public_address_does_not_use_an_internet_gateway() -> None:
    rows = (
        row(network.SUBNET, "s", id="subnet-1", vpcId="vpc", cidrBlock="10.0.0.0/24"),
        row(network.ASSOCIATION, "a", subnetId="subnet-1", routeTableId="rtb"),
        row(network.ROUTE, "r1", routeTableId="rtb", destinationCidrBlock="0.0.0.0/0", gatewayId="igw"),
        row(network.INTERNET_GATEWAY, "igw", id="igw"),
    )
    assert routes.to_internet(world(*rows), _party("t", "subnet-1", "sg", public=True)).passed
    private = routes.to_internet(world(*rows), _party("t", "subnet-1", "sg"))
    assert (private.verdict, private.property) == (Verdict.FAIL, "assignPublicIp")


def test_a_nat_instance_with_source_destination_check_forwards_nothing() -> None:
    rows = [
        row(network.SUBNET, "s", id="subnet-1", vpcId="vpc", cidrBlock="10.0.0.0/24"),
        row(network.ASSOCIATION, "a", subnetId="subnet-1", routeTableId="rtb"),
        row(network.ROUTE, "r", routeTableId="rtb", destinationCidrBlock="0.0.0.0/0", networkInterfaceId="eni"),
        row(network.INSTANCE, "nat", primaryNetworkInterfaceId="eni", sourceDestCheck=True, subnetId="subnet-2"),
    ]
    assert routes.to_internet(world(*rows), _party("t", "subnet-1", "sg")).property == "sourceDestCheck"


def test_the_first_network_acl_rule_that_matches_decides() -> None:
    everyone = "0.0.0.0/0"
    https = {"ruleNo": 100, "action": "deny", "protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlock": everyone}
    other = {"ruleNo": 200, "action": "allow", "protocol": "-1", "cidrBlock": everyone}
    rows = (
        row(network.SUBNET, "s", id="subnet-1", vpcId="vpc"),
        row(network.NETWORK_ACL, "acl", subnetIds=["subnet-1"], ingress=[other, https], egress=[other]),
    )
    denied = network.network_acl(world(*rows), ["subnet-1"], 443, ingress=True)
    allowed = network.network_acl(world(*rows), ["subnet-1"], 80, ingress=True)
    assert denied is not None
    assert allowed is not None
    assert (denied.verdict, allowed.verdict) == (Verdict.FAIL, Verdict.PASS)


def test_a_network_acl_must_allow_the_ports_of_answers() -> None:
    every = {"ruleNo": 100, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}
    https = {**every, "protocol": "tcp", "fromPort": 443, "toPort": 443}
    linux = {**every, "protocol": "tcp", "fromPort": 32768, "toPort": 65535}

    def verdict(*egress: dict[str, Any]) -> Verdict:
        rows = (
            row(network.SUBNET, "s", id="subnet-1", vpcId="vpc"),
            row(network.DEFAULT_NETWORK_ACL, "acl", vpcId="vpc", ingress=[every], egress=list(egress)),
        )
        hop = network.network_acl(world(*rows), ["subnet-1"], 443, ingress=True)
        assert hop is not None
        return hop.verdict

    assert [verdict(every), verdict(https), verdict(linux)] == [Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN]


def test_a_network_acl_rule_applies_to_its_addresses() -> None:
    def rule(number: int, action: str, cidr: str) -> dict[str, Any]:
        return {"ruleNo": number, "action": action, "protocol": "-1", "cidrBlock": cidr}

    every = rule(200, "allow", "0.0.0.0/0")

    def verdict(cidr: str) -> Verdict:
        rules = [rule(100, "deny", cidr), every]
        rows = (
            row(network.SUBNET, "s", id="subnet-1", vpcId="vpc"),
            row(network.NETWORK_ACL, "acl", subnetIds=["subnet-1"], ingress=rules, egress=[every]),
        )
        other = network.Party(name="tasks", addresses=["10.0.0.0/20"])
        hop = network.network_acl(world(*rows), ["subnet-1"], 443, ingress=True, other=other)
        assert hop is not None
        return hop.verdict

    assert [verdict("10.0.0.0/16"), verdict("10.0.1.0/24"), verdict("10.1.0.0/16")] == [
        Verdict.FAIL,
        Verdict.UNKNOWN,
        Verdict.PASS,
    ]


# --- the load balancer ---


def test_rules_apply_by_priority_and_a_group_of_weight_zero_gets_no_request() -> None:
    listener = row(alb.LISTENER, "l", id="arn:l", defaultActions=[{"type": "forward", "targetGroupArn": "default"}])
    weighted = [{"arn": "blue", "weight": 100}, {"arn": "green", "weight": 0}]
    rules = (
        row(
            alb.LISTENER_RULE, "all", listenerArn="arn:l", priority=200,
            conditions=[{"pathPattern": {"values": ["/*"]}}],
            actions=[{"type": "forward", "forward": {"targetGroups": weighted}}],
        ),
        row(
            alb.LISTENER_RULE, "img", listenerArn="arn:l", priority=100,
            conditions=[{"pathPattern": {"values": ["/img/*"]}}],
            actions=[{"type": "forward", "targetGroupArn": "images"}],
        ),
    )  # fmt: skip
    cloud = world(listener, *rules)
    _, images = alb.rule_for(cloud.rows, listener, Request(host="h", path="/img/picture.jpg"))
    _, others = alb.rule_for(cloud.rows, listener, Request(host="h", path="/"))
    assert images is not None
    assert others is not None
    assert alb.weighted_groups(images[0]) == ["images"]
    assert alb.weighted_groups(others[0]) == ["blue"]


@pytest.mark.parametrize(
    ("condition", "matched"),
    [
        ({"httpHeader": {"httpHeaderName": "X-Key", "values": ["SECRET"]}}, True),
        ({"hostHeader": {"values": ["H.example.com"]}}, True),
        ({"pathPattern": {"values": ["/Img/*"]}}, False),
    ],
)
def test_a_condition_compares_hosts_and_headers_without_case(condition: dict[str, Any], *, matched: bool) -> None:
    listener = row(alb.LISTENER, "l", id="arn:l")
    rule = row(alb.LISTENER_RULE, "r", listenerArn="arn:l", priority=1, conditions=[condition])
    request = Request(host="h.example.com", path="/img/x", headers={"x-key": "secret"})
    found, _ = alb.rule_for(world(listener, rule).rows, listener, request)
    assert (found is not None) is matched


# --- S3 ---


def test_a_bucket_policy_for_one_distribution_refuses_every_other() -> None:
    bucket = row(dns.BUCKET, "b", bucket="b")
    statement = {
        "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"AWS:SourceArn": "arn:own"}},
    }  # fmt: skip
    cloud = world(bucket, row(s3.POLICY, "p", bucket="b", policy=json.dumps({"Statement": [statement]})))
    assert s3.reads(cloud, bucket, "cloudfront.amazonaws.com", {"aws:sourcearn": "arn:own"}).passed
    assert not s3.reads(cloud, bucket, "cloudfront.amazonaws.com", {"aws:sourcearn": "arn:other"}).passed
    assert not s3.reads(cloud, bucket, "*", {}).passed


def test_a_public_policy_is_ignored_with_a_public_access_block_unless_it_names_addresses() -> None:
    bucket = row(dns.BUCKET, "b", bucket="b")
    block = row(s3.PUBLIC_ACCESS, "block", bucket="b", restrictPublicBuckets=True)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}

    def read(address: str, *blocks: Any, **condition: Any) -> Any:
        document = json.dumps({"Statement": [{**statement, **condition}]})
        cloud = world(bucket, row(s3.POLICY, "p", bucket="b", policy=document), *blocks)
        return s3.reads(cloud, bucket, "*", {"aws:sourceip": address})

    edge = {"IpAddress": {"aws:SourceIp": ["104.16.0.0/13"]}}
    assert read("198.51.100.7").passed
    ignored = read("198.51.100.7", block)
    assert (ignored.verdict, ignored.property) == (Verdict.FAIL, "restrictPublicBuckets")
    assert read("104.16.0.1", block, Condition=edge).passed
    assert read("198.51.100.7", block, Condition=edge).verdict is Verdict.FAIL


def test_a_deny_of_a_bucket_policy_wins_over_an_allow_and_is_named() -> None:
    bucket = row(dns.BUCKET, "b", bucket="b")
    common = {"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    policy = {
        "Statement": [{"Effect": "Allow", **common}, {"Effect": "Deny", "Sid": "Tls", **common, "Condition": insecure}]
    }
    cloud = world(bucket, row(s3.POLICY, "p", bucket="b", policy=json.dumps(policy)))
    assert s3.reads(cloud, bucket, "*", {"aws:securetransport": "true"}).passed
    denied = s3.reads(cloud, bucket, "*", {"aws:securetransport": "false"})
    assert (denied.verdict, "statement 'Tls'" in denied.reason) == (Verdict.FAIL, True)


# --- Cloudflare ---


@pytest.mark.parametrize(
    ("expression", "matched"),
    [
        ('(http.host eq "a.example.com")', True),
        ('(http.host eq "b.example.com") or starts_with(http.request.uri.path, "/api/")', True),
        ('not ip.geoip.country in {"DE" "FR"}', False),
        ('(http.request.method ne "OPTIONS") and (lower(http.request.uri.path) contains "/API")', False),
        ('any(http.request.headers["origin"][*] eq "https://example.com")', True),
        ('(http.request.uri.path strict wildcard r"/api/*")', True),
        ("ip.src in {198.51.100.0/24}", True),
    ],
)
def test_cloudflare_expressions_match_as_documented(expression: str, matched: bool) -> None:
    request = Request(host="a.example.com", path="/api/x", headers={"origin": "https://example.com"})
    assert cloudflare.evaluate(expression, request) is matched


def test_a_cloudflare_expression_that_the_model_does_not_know_is_undecided() -> None:
    with pytest.raises(cloudflare.Undecided):
        cloudflare.evaluate("cf.bot_management.score lt 30", Request(host="h"))


# --- Atlas and ElastiCache ---


def test_a_connection_string_is_parsed_without_its_password() -> None:
    found = parse_connection("mongodb+srv://app:s%2Fecret@app.a1b2c.mongodb.net/app?retryWrites=true")
    assert found == Connection("mongodb+srv", "app.a1b2c.mongodb.net", 0, "app", digest("s/ecret"), "retryWrites=true")
    several = parse_connection("mongodb://app:p@a.example.net:27017,b.example.net:27017/app?tls=true")
    assert several is not None
    assert (several.host, several.port, several.options) == ("a.example.net", 27017, "tls=true")


def test_the_access_list_must_contain_the_address() -> None:
    entry = row(atlas.ACCESS_LIST, "e", projectId="p", cidrBlock="10.0.0.0/16")
    cloud = world(entry)
    assert atlas.access_list(cloud, "p", ["10.0.1.0/24"], "the tasks").passed
    assert not atlas.access_list(cloud, "p", ["198.51.100.7/32"], "the internet").passed


def test_a_database_user_needs_the_password_that_the_tasks_have() -> None:
    user = row(atlas.USER, "u", projectId="p", username="app", password="new")
    cluster = row(atlas.CLUSTER, "c", name="app")
    cloud = world(user, cluster)
    old = Connection("mongodb+srv", "h", 0, "app", digest("old"), "")
    new = Connection("mongodb+srv", "h", 0, "app", digest("new"), "")
    assert atlas.user(cloud, "p", cluster, new, "").passed
    refused = atlas.user(cloud, "p", cluster, old, "")
    assert (refused.verdict, refused.memory) == (Verdict.FAIL, True)


def test_a_cache_accepts_the_old_token_from_rotate_to_set() -> None:
    def group(token: str, strategy: str) -> CloudResource:
        return row(elasticache.REPLICATION_GROUP, "c", authToken=token, authTokenUpdateStrategy=strategy)

    old = Connection("rediss", "h", 6379, "", digest("old"), "")
    before, rotated, fixed = group("old", "ROTATE"), group("new", "ROTATE"), group("new", "SET")
    cloud = world(rotated)
    cloud.memory.observe(before, rotated, cloud.rows)
    assert elasticache.credentials(cloud, rotated, old).passed
    cloud.memory.observe(rotated, rotated, cloud.rows)
    assert elasticache.credentials(cloud, rotated, old).passed
    cloud.memory.observe(rotated, fixed, cloud.rows)
    assert elasticache.credentials(cloud, fixed, old).verdict is Verdict.FAIL


@pytest.mark.parametrize(("strategy", "passed"), [(None, True), ("ROTATE", True), ("SET", False)])
def test_a_cache_with_its_first_token_accepts_clients_without_one_after_rotate(
    strategy: str | None, *, passed: bool
) -> None:
    before = row(elasticache.REPLICATION_GROUP, "c")
    after = row(elasticache.REPLICATION_GROUP, "c", authToken="new", authTokenUpdateStrategy=strategy)
    cloud = world(after)
    cloud.memory.observe(before, after, cloud.rows)
    assert elasticache.credentials(cloud, after, Connection("rediss", "h", 6379, "", "", "")).passed is passed
    assert elasticache.credentials(cloud, after, Connection("rediss", "h", 6379, "", digest("new"), "")).passed


def test_a_cache_that_is_created_with_a_token_refuses_clients_without_one() -> None:
    created = row(elasticache.REPLICATION_GROUP, "c", authToken="new")
    cloud = world(created)
    cloud.memory.observe(None, created, cloud.rows)
    assert not elasticache.credentials(cloud, created, Connection("rediss", "h", 6379, "", "", "")).passed


def test_a_cache_with_users_refuses_the_token_once_the_default_user_is_off() -> None:
    group = row(elasticache.REPLICATION_GROUP, "c", userGroupIds=["g"])
    users = row(elasticache.USER_GROUP, "g", userGroupId="g", userIds=["default-id", "app-id"])
    app = row(elasticache.USER, "app", userId="app-id", userName="app", accessString="on ~* +@all", passwords=["p"])
    token = Connection("rediss", "h", 6379, "", digest("token"), "")
    user = Connection("rediss", "h", 6379, "app", digest("p"), "")
    for access, verdict in (("on ~* +@all", Verdict.PASS), ("off -@all", Verdict.FAIL)):
        default = row(
            elasticache.USER,
            "default",
            userId="default-id",
            userName="default",
            accessString=access,
            passwords=["token"],
        )
        cloud = world(group, users, app, default)
        assert elasticache.credentials(cloud, group, token).verdict is verdict
        assert elasticache.credentials(cloud, group, user).passed


def test_encryption_in_transit_must_be_equal_at_both_ends() -> None:
    plain = Connection("redis", "h", 6379, "", "", "")
    for mode, verdict in (("required", Verdict.FAIL), ("preferred", Verdict.PASS)):
        group = row(elasticache.REPLICATION_GROUP, "c", transitEncryptionEnabled=True, transitEncryptionMode=mode)
        assert elasticache.encryption(group, plain).verdict is verdict


# --- errors of the model ---


def test_an_error_of_the_model_leaves_one_flow_unknown_and_hides_its_text() -> None:
    def trace(_: World) -> Iterator[Hop]:
        yield passes("dns", "", "", "It resolves.", DEFINITION)
        raise KeyError("mongodb://user:password@host")  # pragma: allowlist secret

    result = follow(Flow(id="a", kind="trace", source="browser", target="b", stack="", trace=trace), world())
    assert result.verdict is Verdict.UNKNOWN
    assert [each.name for each in result.hops] == ["dns", "model"]
    assert "KeyError in line" in result.hops[-1].reason
    assert "password" not in result.hops[-1].reason
