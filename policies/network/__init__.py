"""Rules on VPCs, subnets, security groups and network ACLs."""
