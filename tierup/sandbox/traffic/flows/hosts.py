"""Flows of an API on a managed host. Requests to it are flows of browsers, like those to a load balancer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from .. import sources
from ..flow import Flow, FlowKind
from ..hop import Hop, World, fails
from ..hops import atlas, hosts, network
from ..memory import parse_connection
from ..rows import Rows


def _data(rows: Rows) -> Iterable[Flow]:
    for service in hosts.services(rows):
        for variable, text in sorted(hosts.variables(rows, service).items()):
            connection = parse_connection(text)
            if connection is not None and connection.scheme.startswith("mongodb"):
                yield Flow(
                    id="API host to database", kind="host-data", source="API host", target="database",
                    stack=service.stack, trace=partial(_connect, id=service.id, variable=variable),
                )  # fmt: skip


def _connect(world: World, id: str, variable: str) -> Iterator[Hop]:
    service = next((each for each in hosts.services(world.rows) if each.id == id), None)
    connection = parse_connection(hosts.variables(world.rows, service).get(variable)) if service is not None else None
    if service is None or connection is None:
        reason = f"The service on the host has no connection string in {variable}."
        yield fails("host", id, variable, reason, sources.HOST_DOMAINS)
        return
    here = network.Party(name="the API's host", addresses=hosts.outgoing(service))
    yield from atlas.connect(world, here, connection, "")


FLOW_KINDS = (
    FlowKind(id="host-data", description="The API on a managed host connects to the database.", derive=_data),
)
