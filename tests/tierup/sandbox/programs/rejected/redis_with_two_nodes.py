# Rejected: cache-cluster-inputs-match-engine
import pulumi_aws as aws

aws.elasticache.Cluster("c", engine="redis", node_type="cache.t4g.micro", num_cache_nodes=2)
