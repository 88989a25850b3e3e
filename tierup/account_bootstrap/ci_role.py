"""The OIDC provider of GitHub Actions, and the role that one environment of one repository may assume.

https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws (from memory)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tierup.account_bootstrap.deployer_policies import PREFLIGHT_ACTIONS, DeployerPolicies
from tierup.account_bootstrap.step import BootstrapStep, StepAction, has_tag, tag_list
from tierup.preflight.aws_clients import pages
from tierup.preflight.context import call_or_none

_HOST: Final = "token.actions.githubusercontent.com"
_AUDIENCE: Final = "sts.amazonaws.com"
_INLINE: Final = "pulumi-state-and-preflight"
_MAX_VERSIONS: Final = 5  # of a managed policy; the oldest one is deleted before the next is created


@dataclass(frozen=True, kw_only=True, slots=True)
class CiRole:
    """The role that CI deploys with."""

    account: str
    region: str
    project: str
    name: str
    repository: str
    """OWNER/NAME on GitHub."""
    environment: str
    """The environment of the repository whose jobs may assume the role."""
    bucket: str
    key_alias: str
    policies: DeployerPolicies

    @property
    def arn(self) -> str:
        """The ARN of the role."""
        return f"arn:aws:iam::{self.account}:role/{self.name}"

    @property
    def provider_arn(self) -> str:
        """The ARN of the OIDC provider."""
        return f"arn:aws:iam::{self.account}:oidc-provider/{_HOST}"

    @property
    def trust_policy(self) -> Mapping[str, Any]:
        """Who may assume the role."""
        return {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": self.provider_arn},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {
                            f"{_HOST}:aud": _AUDIENCE,
                            f"{_HOST}:sub": f"repo:{self.repository}:environment:{self.environment}",
                        }
                    },
                }
            ],
        }

    @property
    def inline_policy(self) -> Mapping[str, Any]:
        """Access to the state, the key of the secrets, and what preflight reads."""
        bucket = f"arn:aws:s3:::{self.bucket}"
        return {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": "StateBucket", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket},
                {
                    "Sid": "State",
                    "Effect": "Allow",
                    "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                    "Resource": f"{bucket}/*",
                },
                {
                    "Sid": "Secrets",
                    "Effect": "Allow",
                    "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
                    "Resource": f"arn:aws:kms:{self.region}:{self.account}:key/*",
                    "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": self.key_alias}},
                },
                {"Sid": "Preflight", "Effect": "Allow", "Action": list(PREFLIGHT_ACTIONS), "Resource": "*"},
            ],
        }


def ci_steps(iam: Any, role: CiRole) -> Iterator[BootstrapStep]:
    """Yield the steps of the provider, the policies and the role."""
    yield _provider(iam, role)
    for suffix, document in role.policies.documents.items():
        yield _policy(iam, role, f"{role.name}-{suffix}", document)
    for arn in role.policies.arns:
        if call_or_none(lambda policy=arn: iam.get_policy(PolicyArn=policy), "NoSuchEntity") is None:
            yield BootstrapStep(
                resource="policy",
                name=arn,
                action=StepAction.REJECT,
                details=("The policy does not exist.",),
                command="Create it, or give another one with --policy.",
            )
    yield _role(iam, role)


def _provider(iam: Any, role: CiRole) -> BootstrapStep:
    resource = "OIDC provider"
    found = call_or_none(
        lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=role.provider_arn), "NoSuchEntity"
    )
    if found is None:
        return BootstrapStep(
            resource=resource,
            name=_HOST,
            action=StepAction.CREATE,
            apply=lambda: iam.create_open_id_connect_provider(
                Url=f"https://{_HOST}", ClientIDList=[_AUDIENCE], Tags=tag_list(role.project)
            ),
        )
    if _AUDIENCE in found["ClientIDList"]:
        return BootstrapStep(resource=resource, name=_HOST, action=StepAction.NONE)
    return BootstrapStep(
        resource=resource,
        name=_HOST,
        action=StepAction.REJECT,
        details=(f"The provider does not have the client id {_AUDIENCE}.",),
        command="aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn "
        f"{role.provider_arn} --client-id {_AUDIENCE}",
    )


def _policy(iam: Any, role: CiRole, name: str, document: Mapping[str, Any]) -> BootstrapStep:
    arn = f"arn:aws:iam::{role.account}:policy/{name}"
    text = json.dumps(document, separators=(",", ":"))
    found = call_or_none(lambda: iam.get_policy(PolicyArn=arn), "NoSuchEntity")
    if found is None:
        return BootstrapStep(
            resource="policy",
            name=name,
            action=StepAction.CREATE,
            apply=lambda: iam.create_policy(PolicyName=name, PolicyDocument=text, Tags=tag_list(role.project)),
        )
    version = found["Policy"]["DefaultVersionId"]
    current = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    if current == json.loads(text):
        return BootstrapStep(resource="policy", name=name, action=StepAction.NONE)
    if not has_tag(found["Policy"].get("Tags")):
        return BootstrapStep(
            resource="policy",
            name=name,
            action=StepAction.REJECT,
            details=("A policy of this name exists, with another document.",),
            command="Choose another name with --role.",
        )
    return BootstrapStep(
        resource="policy",
        name=name,
        action=StepAction.UPDATE,
        details=("another document",),
        apply=lambda: _add_version(iam, arn, text),
    )


def _add_version(iam: Any, arn: str, text: str) -> None:
    versions = [
        each for each in pages(iam, "list_policy_versions", "Versions", PolicyArn=arn) if not each["IsDefaultVersion"]
    ]
    if len(versions) >= _MAX_VERSIONS - 1:
        oldest = min(versions, key=lambda each: each["CreateDate"])
        iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)


def _role(iam: Any, role: CiRole) -> BootstrapStep:
    resource = "role"
    trusted = f"Jobs of {role.repository} in environment {role.environment} may assume it."
    found = call_or_none(lambda: iam.get_role(RoleName=role.name), "NoSuchEntity")
    if found is None:
        return BootstrapStep(
            resource=resource,
            name=role.name,
            action=StepAction.CREATE,
            details=(trusted,),
            apply=lambda: _create_role(iam, role),
        )
    is_own = has_tag(found["Role"].get("Tags"))
    if found["Role"]["AssumeRolePolicyDocument"] != role.trust_policy:
        if not is_own:
            return BootstrapStep(
                resource=resource,
                name=role.name,
                action=StepAction.REJECT,
                details=("A role of this name exists, and others may assume it.",),
                command="Choose another name with --role.",
            )
        return BootstrapStep(
            resource=resource,
            name=role.name,
            action=StepAction.UPDATE,
            details=(trusted,),
            apply=lambda: (
                iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=json.dumps(role.trust_policy)),
                _complete_role(iam, role),
            ),
        )
    missing = _missing(iam, role)
    if not missing:
        return BootstrapStep(resource=resource, name=role.name, action=StepAction.NONE)
    if not is_own:
        return BootstrapStep(
            resource=resource,
            name=role.name,
            action=StepAction.REJECT,
            details=tuple(f"The role lacks: {each}." for each in missing),
            command="Choose another name with --role.",
        )
    return BootstrapStep(
        resource=resource,
        name=role.name,
        action=StepAction.UPDATE,
        details=tuple(missing),
        apply=lambda: _complete_role(iam, role),
    )


def _missing(iam: Any, role: CiRole) -> list[str]:
    attached = {
        each["PolicyArn"] for each in pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=role.name)
    }
    missing = [f"policy {arn}" for arn in _policy_arns(role) if arn not in attached]
    inline = call_or_none(lambda: iam.get_role_policy(RoleName=role.name, PolicyName=_INLINE), "NoSuchEntity")
    if inline is None or inline["PolicyDocument"] != role.inline_policy:
        missing.append("access to the state, the key and preflight")
    return missing


def _policy_arns(role: CiRole) -> list[str]:
    own = [f"arn:aws:iam::{role.account}:policy/{role.name}-{suffix}" for suffix in role.policies.documents]
    return [*own, *role.policies.arns]


def _create_role(iam: Any, role: CiRole) -> None:
    iam.create_role(
        RoleName=role.name,
        Description=f"GitHub Actions of {role.repository} deploy with Pulumi",
        AssumeRolePolicyDocument=json.dumps(role.trust_policy),
        Tags=tag_list(role.project),
    )
    _complete_role(iam, role)


def _complete_role(iam: Any, role: CiRole) -> None:
    iam.put_role_policy(RoleName=role.name, PolicyName=_INLINE, PolicyDocument=json.dumps(role.inline_policy))
    for arn in _policy_arns(role):
        iam.attach_role_policy(RoleName=role.name, PolicyArn=arn)
