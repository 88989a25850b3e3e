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

subnet_group = aws.rds.SubnetGroup("sg", subnet_ids=ids)
db = aws.rds.Instance(
    "db",
    engine="postgres",
    engine_version="16",
    instance_class="db.t4g.micro",
    allocated_storage=20,
    db_subnet_group_name=subnet_group.name,
    vpc_security_group_ids=[group.id],
    username="app",
    password=pulumi.Output.secret("hunter2hunter2"),
    skip_final_snapshot=True,
    storage_encrypted=True,
)
aws.vpc.SecurityGroupIngressRule(
    "i",
    security_group_id=group.id,
    referenced_security_group_id=group.id,
    ip_protocol="tcp",
    from_port=5432,
    to_port=5432,
)
pulumi.export("host", db.endpoint)
