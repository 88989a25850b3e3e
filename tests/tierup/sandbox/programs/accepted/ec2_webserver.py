import pulumi
import pulumi_aws as aws

ami = aws.ssm.get_parameter(name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")
vpc = aws.ec2.get_vpc(default=True)
sg = aws.ec2.SecurityGroup(
    "web",
    ingress=[{"protocol": "tcp", "from_port": p, "to_port": p, "cidr_blocks": ["0.0.0.0/0"]} for p in (22, 80)],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
i = aws.ec2.Instance(
    "i",
    ami=ami.value,
    instance_type="t3.micro",
    vpc_security_group_ids=[sg.id],
    user_data="#!/bin/bash\necho hi",
    metadata_options={"http_tokens": "required"},
    root_block_device={"volume_size": 20, "volume_type": "gp3", "encrypted": True},
    tags={"Name": "web"},
)
pulumi.export("ip", i.public_ip)
