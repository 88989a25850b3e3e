import pulumi_mongodbatlas as mongodbatlas

project = mongodbatlas.Project("p", org_id="5f0000000000000000000001", name="app")
mongodbatlas.FlexCluster(
    "f",
    project_id=project.id,
    name="app",
    provider_settings={"backing_provider_name": "AWS", "region_name": "US_WEST_2"},
)
mongodbatlas.DatabaseUser(
    "u",
    project_id=project.id,
    username="app",
    password="correct horse battery",
    auth_database_name="admin",
    roles=[{"role_name": "readWrite", "database_name": "app"}],
)
mongodbatlas.ProjectIpAccessList("ip", project_id=project.id, cidr_block="203.0.113.0/24", comment="office")
