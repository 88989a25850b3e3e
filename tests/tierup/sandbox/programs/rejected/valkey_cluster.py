# Rejected: engine: the value is not allowed
import pulumi_aws as aws

aws.elasticache.Cluster("c", engine="valkey", node_type="cache.t4g.micro", num_cache_nodes=1)
