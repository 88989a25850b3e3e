import pulumi_aws as aws

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/24")
s = aws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.0.0.0/28")
ami = aws.ec2.get_ami(most_recent=True, owners=["amazon"], filters=[{"name": "name", "values": ["al2023-ami-2023*"]}])
aws.ec2.Instance("i", instance_type="t3.micro", ami=ami.id, subnet_id=s.id)
