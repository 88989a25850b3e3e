# Rejected: electable-nodes-are-3-5-or-7
import pulumi_mongodbatlas as mongodbatlas

project = mongodbatlas.Project("p", org_id="5f0000000000000000000001", name="app")
mongodbatlas.AdvancedCluster(
    "c",
    project_id=project.id,
    name="app",
    cluster_type="REPLICASET",
    replication_specs=[
        {
            "region_configs": [
                {
                    "provider_name": "AWS",
                    "region_name": "US_WEST_2",
                    "priority": 7,
                    "electable_specs": {"instance_size": "M10", "node_count": 4},
                }
            ]
        }
    ],
)
