"""Flows that must not arrive: past the CDN, to buckets and data from the internet, and from other customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..flow import Flow, FlowKind, Trace
from ..hop import Hop, Request, World, fails, passes
from ..hops import alb, atlas, cloudflare, cloudfront, dns, ecs, elasticache, network, s3
from ..memory import SERVICE, containers
from ..rows import Rows, label, listed
from .browsers import ANY_CLIENT, BROWSER, behind_cdn, browse, entries, ordinary_request

_OTHER_DISTRIBUTION = "arn:aws:cloudfront::999999999999:distribution/ESTRANGER00000"
_INTERNET_PARTY = network.Party(name="the internet", addresses=[f"{ANY_CLIENT}/32"])
_OUTSIDER = "198.18.0.7"  # RFC 2544: a range that no client has
_TENANT = "sg-0000000000000tenant"


def _flow(source: str, target: str, owner: CloudResource, trace: Trace) -> Flow:
    return Flow(
        id=f"{source} to {target}", kind="forbidden", source=source, target=target,
        stack=owner.stack if owner.urn else "", trace=trace,
    )  # fmt: skip


def _origin(rows: Rows) -> Iterable[Flow]:
    for entry in entries(rows):
        if entry.kind != "api" or entry.load_balancer is None or not behind_cdn(rows, entry.host):
            continue
        balancer = entry.load_balancer
        parties = {
            "internet": _INTERNET_PARTY,
            "another customer's CloudFront distribution": cloudfront.edge_party(),
            "another customer's Cloudflare zone": cloudflare.edge_party(),
        }
        for source, party in parties.items():
            request = Request(host=entry.host, path="/api/tasks", headers=BROWSER, address=_address(party))
            trace = partial(_past_cdn, dns_name=str(balancer.value("dnsName")), party=party, request=request)
            yield _flow(source, f"the load balancer of {entry.host}", balancer, trace)


def _address(party: network.Party) -> str:
    return party.addresses[0].partition("/")[0]


def _past_cdn(world: World, dns_name: str, party: network.Party, request: Request) -> Iterator[Hop]:
    balancer = world.rows.one(alb.LOAD_BALANCER, dnsName=dns_name)
    if balancer is None:
        yield fails("load-balancer", dns_name, "dnsName", "The load balancer does not exist.", sources.LISTENER_RULES)
        return
    yield from alb.reach(world, balancer, party, request)


def _buckets(rows: Rows) -> Iterable[Flow]:
    for bucket in rows.all(dns.BUCKET):
        if not bucket.urn:
            continue
        name = bucket.name.removesuffix("-bucket")
        requests = {
            "internet": ("*", {"aws:sourceip": ANY_CLIENT, "aws:useragent": BROWSER["user-agent"]}),
            "another customer's CloudFront distribution": (
                "cloudfront.amazonaws.com",
                {"aws:sourcearn": _OTHER_DISTRIBUTION, "aws:sourceaccount": "999999999999"},
            ),
            "another customer's Cloudflare zone": (
                "*",
                {"aws:sourceip": cloudflare.EDGE_ADDRESS, "aws:useragent": BROWSER["user-agent"]},
            ),
        }
        for source, (principal, context) in requests.items():
            given = {"aws:securetransport": "true", **context}
            trace = partial(_bucket, bucket_id=bucket.id, principal=principal, context=given)
            yield _flow(source, f"the {name} bucket", bucket, trace)


def _bucket(world: World, bucket_id: str, principal: str, context: dict[str, str]) -> Iterator[Hop]:
    bucket = world.rows.one(dns.BUCKET, id=bucket_id)
    if bucket is None:
        yield fails("bucket-policy", bucket_id, "id", "The bucket does not exist.", sources.S3_PUBLIC_ACCESS)
        return
    yield s3.reads(world, bucket, principal, context)


def _data(rows: Rows) -> Iterable[Flow]:
    for cluster in rows.all(atlas.CLUSTER):
        trace = partial(_database, project=str(cluster.value("projectId")))
        yield _flow("internet", f"the database {cluster.value('name')}", cluster, trace)
    for group in rows.all(elasticache.REPLICATION_GROUP):
        if group.urn:
            yield _flow("internet", "the cache", group, partial(_cache, key=group.key, tenant=False))
            yield _flow("another tenant of the VPC", "the cache", group, partial(_cache, key=group.key, tenant=True))


def _database(world: World, project: str) -> Iterator[Hop]:
    yield atlas.access_list(world, project, [f"{ANY_CLIENT}/32"], "the internet")


def _cache(world: World, key: int, *, tenant: bool) -> Iterator[Hop]:
    group = next((each for each in world.rows.all(elasticache.REPLICATION_GROUP) if each.key == key), None)
    if group is None:
        yield fails("cache", "", "id", "The cache does not exist.", sources.CACHE_ACCESS)
        return
    here = elasticache.party(world.rows, group)
    port = int(group.value("port") or 6379)
    if tenant:
        other = network.Party(name="another tenant of the VPC", subnets=here.subnets, groups=[_TENANT])
        yield network.security_group(world, here, other, port, ingress=True)
        return
    yield network.security_group(world, here, _INTERNET_PARTY, port, ingress=True)
    reason = "The nodes of a cache have no public addresses."
    yield fails("cache", label(group), "subnetGroupName", reason, sources.CACHE_ACCESS)


def _tasks(rows: Rows) -> Iterable[Flow]:
    for service in rows.all(SERVICE):
        yield _flow("internet", f"the tasks of {ecs.task_name(service)}", service, partial(_task, key=service.key))


def _task(world: World, key: int) -> Iterator[Hop]:
    service = next((each for each in world.rows.all(SERVICE) if each.key == key), None)
    if service is None:
        yield fails("task", "", "id", "The service does not exist.", sources.ECS_SERVICE)
        return
    here = ecs.party(service)
    if not here.public:
        reason = "The tasks have no public addresses."
        yield fails("task", label(service), "networkConfiguration", reason, sources.ECS_SERVICE)
        return
    ports = {
        int(mapping.get("containerPort") or 0)
        for container in containers(ecs.definition_of(world.rows, service))
        for mapping in container.get("portMappings", ())
    }
    closed: Hop | None = None
    for port in sorted(ports) or [22]:
        hop = network.security_group(world, here, _INTERNET_PARTY, port, ingress=True)
        if not hop.passed:
            closed = hop
        else:
            yield hop
            yield passes(
                "task", label(service), "networkConfiguration", "The internet reaches the task.", sources.ECS_SERVICE
            )
            return
    if closed is not None:
        yield closed


def _plain_http(rows: Rows) -> Iterable[Flow]:
    """Credentials must not travel unencrypted: the port for HTTP redirects, and serves nothing."""
    for balancer in rows.all(alb.LOAD_BALANCER):
        if balancer.urn and not balancer.value("internal"):
            name = balancer.name.removesuffix("-alb")
            yield _flow("internet over HTTP", f"the tasks behind {name}", balancer, partial(_http, arn=balancer.id))


def _http(world: World, arn: str) -> Iterator[Hop]:
    for listener in world.rows.find(alb.LISTENER, loadBalancerArn=arn):
        if str(listener.value("protocol")) != "HTTP":
            continue
        for row in (listener, *world.rows.find(alb.LISTENER_RULE, listenerArn=listener.id)):
            property = "defaultActions" if row is listener else "actions"
            if any(str(action.get("type")) == "forward" for action in listed(row.value(property))):
                reason = f"{label(row)} forwards HTTP to the tasks."
                yield passes("listener", label(row), property, reason, sources.LISTENER_RULES)
                return
    yield fails("listener", arn, "listeners", "No listener forwards HTTP to the tasks.", sources.LISTENER_RULES)


def _states_minimum(rows: Rows, answer: dns.Answer) -> bool:
    """Return whether rows state the minimum TLS version of the edge that a name points at."""
    if answer.kind is dns.TargetKind.CLOUDFLARE:
        return bool(cloudflare.setting(rows, str(answer.record.value("zoneId")), "min_tls_version"))
    if answer.target is None:
        return False
    if answer.kind is dns.TargetKind.CLOUDFRONT:
        return bool((answer.target.value("viewerCertificate") or {}).get("minimumProtocolVersion"))
    return any(each.value("sslPolicy") for each in rows.find(alb.LISTENER, loadBalancerArn=answer.target.id))


def _old_tls(rows: Rows) -> Iterable[Flow]:
    """Clients with TLS 1.0 or 1.1 must be refused, wherever a stack states the minimum of an edge."""
    for entry in entries(rows):
        answers = dns.answers_for(rows, entry.host)
        if not answers or not any(_states_minimum(rows, answer) for answer in answers):
            continue
        path = "/api/tasks" if entry.kind == "api" else "/assets/app.js"
        request = ordinary_request(rows, entry.host, path, tls_versions=("1.0", "1.1"))
        yield Flow(
            id=f"a client with TLS 1.1 to {entry.host}", kind="forbidden", source="a client with TLS 1.1",
            target=entry.host, stack=entry.stack, trace=partial(browse, request=request),
        )  # fmt: skip


def _without_certificate(rows: Rows) -> Iterable[Flow]:
    """Clients without a certificate must be refused where the load balancer verifies those of clients.

    Behind a CDN, the load balancer verifies the certificate of the CDN.
    """
    for entry in entries(rows):
        if entry.kind != "api" or entry.load_balancer is None or behind_cdn(rows, entry.host):
            continue
        if not any(
            alb.verifies_clients(each) for each in rows.find(alb.LISTENER, loadBalancerArn=entry.load_balancer.id)
        ):
            continue
        request = replace(ordinary_request(rows, entry.host, "/api/tasks"), client_certificate=False)
        yield Flow(
            id=f"a client without a certificate to {entry.host}", kind="forbidden",
            source="a client without a certificate", target=entry.host, stack=entry.stack,
            trace=partial(browse, request=request),
        )  # fmt: skip


def _other_address(rows: Rows) -> Iterable[Flow]:
    """A client of another address must be refused where rules allow only some addresses."""
    for entry in entries(rows):
        path = "/api/tasks" if entry.kind == "api" else "/"
        allowed = ordinary_request(rows, entry.host, path)
        if allowed.address == ANY_CLIENT:
            continue
        yield Flow(
            id=f"a client of another address to {entry.host}", kind="forbidden",
            source="a client of another address", target=entry.host, stack=entry.stack,
            trace=partial(browse, request=replace(allowed, address=_OUTSIDER)),
        )  # fmt: skip


FLOW_KINDS = (
    FlowKind(
        id="forbidden-address", forbidden=True, derive=_other_address,
        description="A client reaches the site or the API although its address is not among the allowed ones.",
    ),
    FlowKind(
        id="forbidden-certificate", forbidden=True, derive=_without_certificate,
        description="A client without a certificate reaches an API with mutual TLS.",
    ),
    FlowKind(
        id="forbidden-tls", forbidden=True, derive=_old_tls,
        description="A client with TLS 1.0 or 1.1 reaches the site or the API.",
    ),
    FlowKind(
        id="forbidden-origin", forbidden=True, derive=_origin,
        description="The internet, or another customer's distribution or zone, reaches the load balancer past the CDN.",
    ),
    FlowKind(
        id="forbidden-bucket", forbidden=True, derive=_buckets,
        description="The internet, or another customer's distribution or zone, reads a bucket.",
    ),
    FlowKind(
        id="forbidden-data", forbidden=True, derive=_data,
        description="The internet or another tenant of the VPC reaches the database or the cache.",
    ),
    FlowKind(id="forbidden-task", forbidden=True, derive=_tasks, description="The internet reaches a task."),
    FlowKind(id="forbidden-http", forbidden=True, derive=_plain_http, description="Requests reach tasks unencrypted."),
)  # fmt: skip
