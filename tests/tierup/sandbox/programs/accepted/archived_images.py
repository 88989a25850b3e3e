import json

import pulumi
import pulumi_aws as aws

r = aws.ecr.Repository("r")
aws.ecr.LifecyclePolicy(
    "l",
    repository=r.name,
    policy=json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "selection": {
                        "tagStatus": "any",
                        "countType": "sinceImagePulled",
                        "countUnit": "days",
                        "countNumber": 90,
                    },
                    "action": {"type": "transition", "targetStorageClass": "archive"},
                }
            ]
        }
    ),
)
pulumi.export("regions", aws.get_regions().names)
