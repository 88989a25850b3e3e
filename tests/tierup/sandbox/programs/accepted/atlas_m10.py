import pulumi
import pulumi_mongodbatlas as mongodbatlas

project = mongodbatlas.Project("p", org_id="5f0000000000000000000001", name="app")
c = mongodbatlas.AdvancedCluster(
    "c",
    project_id=project.id,
    name="app",
    cluster_type="REPLICASET",
    backup_enabled=True,
    replication_specs=[
        {
            "region_configs": [
                {
                    "provider_name": "AWS",
                    "region_name": "US_WEST_2",
                    "priority": 7,
                    "electable_specs": {"instance_size": "M10", "node_count": 3},
                    "auto_scaling": {"disk_gb_enabled": True},
                }
            ]
        }
    ],
)
mongodbatlas.CloudBackupSchedule(
    "s",
    project_id=project.id,
    cluster_name=c.name,
    policy_item_daily={"frequency_interval": 1, "retention_unit": "days", "retention_value": 7},
)
pulumi.export("uri", c.connection_strings.standard_srv)
