"""The outputs that a new and an existing network have."""

from __future__ import annotations

from pulumi import ComponentResource, Output


class NetworkComponent(ComponentResource):
    """A component with a VPC, its subnets and its route tables."""

    vpc_id: Output[str]
    """Id of the VPC."""
    vpc_cidr: str
    """Primary IPv4 CIDR block of the VPC."""
    public_subnet_ids: dict[str, Output[str]]
    """Availability zone -> id of its public subnet. In a new network, it resolves after the internet route exists: a
    task or load balancer in a subnet without that route fails."""
    private_subnet_ids: dict[str, Output[str]]
    """Availability zone -> id of its private subnet. In a new network, it resolves after its routes and endpoints
    exist. Empty if there are none."""
    data_subnet_ids: dict[str, Output[str]]
    """Availability zone -> id of its data subnet, which has no internet route."""
    public_route_table_id: Output[str]
    """Id of the route table of all public subnets."""
    private_route_table_ids: dict[str, Output[str]]
    """Availability zone -> id of the route table of its private subnet."""
    data_route_table_id: Output[str]
    """Id of the route table of all data subnets."""
    route_table_ids: dict[str, Output[str]]
    """Route tables of all subnets that tasks may use, each once, by a key for logical names. VPC peering adds its
    routes here."""
    endpoint_security_group_id: Output[str] | None
    """Id of the security group of the interface endpoints; None without endpoints."""
    nat_public_ips: list[Output[str]]
    """Source IPv4 addresses of the private subnets, for allow lists of other services. Empty without NAT."""

    def _register_outputs(self) -> None:
        self.register_outputs({name: getattr(self, name) for name in NetworkComponent.__annotations__})
