import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
subnets = [
    aws.ec2.Subnet(f"s{i}", vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24", availability_zone=f"us-west-2{z}")
    for i, z in enumerate("abc")
]
ids = [s.id for s in subnets]
table = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}])
group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id)

sg = aws.elasticache.SubnetGroup("sg", subnet_ids=ids)
aws.elasticache.ReplicationGroup(
    "r",
    description="app cache",
    engine="valkey",
    engine_version="8.0",
    node_type="cache.t4g.small",
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    subnet_group_name=sg.name,
    security_group_ids=[group.id],
    at_rest_encryption_enabled=True,
    transit_encryption_enabled=True,
    auth_token=pulumi.Output.secret("abcdefghijklmnop1234"),
)
