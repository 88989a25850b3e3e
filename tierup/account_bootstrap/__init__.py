"""`tierup bootstrap`: what an AWS account needs before Pulumi can deploy to it.

- `step`: one resource, whether it exists and is right, and what creates it;
- `state_bucket`: the bucket of Pulumi's state; `secrets_key`: the KMS key of the stack's secrets;
- `ci_role`: the OIDC provider of GitHub Actions, and the role that deploys; `deployer_policies`: its policies;
- `plan`: all steps of a stack, and the commands that follow.

Pulumi cannot create these resources, because it needs them to keep and encrypt its own state. A resource that exists
and is right is not changed. One that is wrong is rejected, unless its tag says that an earlier run created it.
"""
