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

fs = aws.efs.FileSystem("fs", encrypted=True, lifecycle_policies=[{"transition_to_ia": "AFTER_30_DAYS"}])
for i, s in enumerate(subnets):
    aws.efs.MountTarget(f"m{i}", file_system_id=fs.id, subnet_id=s.id, security_groups=[group.id])
aws.efs.AccessPoint(
    "ap",
    file_system_id=fs.id,
    posix_user={"uid": 1000, "gid": 1000},
    root_directory={"path": "/data", "creation_info": {"owner_uid": 1000, "owner_gid": 1000, "permissions": "755"}},
)
