import pulumi
import pulumi_aws as aws

r = aws.ecr.Repository(
    "r",
    image_tag_mutability="IMMUTABLE",
    image_scanning_configuration={"scan_on_push": True},
    force_delete=True,
    encryption_configurations=[{"encryption_type": "KMS"}],
)
aws.ecr.LifecyclePolicy(
    "l",
    repository=r.name,
    policy={
        "rules": [
            {
                "rulePriority": 1,
                "description": "d",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": {"type": "expire"},
            }
        ]
    },
)
token = aws.ecr.get_authorization_token()
pulumi.export("url", r.repository_url)
