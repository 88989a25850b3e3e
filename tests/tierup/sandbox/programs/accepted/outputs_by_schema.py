import pulumi
import pulumi_aws as aws

api = aws.appsync.GraphQLApi("api", authentication_type="API_KEY")
pulumi.export("url", api.uris["GRAPHQL"])
db = aws.rds.Instance(
    "db",
    engine="postgres",
    instance_class="db.t4g.micro",
    allocated_storage=20,
    username="a",
    manage_master_user_password=True,
    skip_final_snapshot=True,
)
pulumi.export("secret", db.master_user_secrets[0].secret_arn)
