# Rejected: action-inputs
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

alb = aws.lb.LoadBalancer(
    "alb", subnets=ids, security_groups=[group.id], opts=pulumi.ResourceOptions(depends_on=[gateway, table])
)
tg = aws.lb.TargetGroup("tg", port=80, protocol="HTTP", target_type="ip", vpc_id=vpc.id)
aws.lb.Listener(
    "l",
    load_balancer_arn=alb.arn,
    port=80,
    protocol="HTTP",
    default_actions=[{"type": "redirect", "redirect": {"status_code": "HTTP_301"}}],
)
