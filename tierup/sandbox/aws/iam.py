"""IAM: roles, policies, identity providers and instance profiles. IAM is global."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    Behaviour,
    Call,
    Name,
    Quota,
    Reference,
    Rejection,
    Source,
    Stage,
    documented,
    located,
    rule,
)

from .managed_policies import managed_policy_exists
from .policy_documents import policy_document
from .same_scope import known, others_in_region
from .sources import RECORDED, api, created_only, quoted, sdk

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE_POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
POLICY = "aws:iam/policy:Policy"
OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
INSTANCE_PROFILE = "aws:iam/instanceProfile:InstanceProfile"

QUOTAS = documented(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, in the edition of github.com/awsdocs",
    read="2026-11-24",
)
_NAME = r"[A-Za-z0-9_+=,.@-]+"
_NAME_CHARACTERS = "letters, digits and _+=,.@-"
_MANAGED_BY_AWS = r"arn:aws:iam::aws:policy/.*"


def _name(longest: int, operation: str) -> Name:
    return Name(
        longest=longest,
        pattern=_NAME,
        allowed=_NAME_CHARACTERS,
        unique="account",
        taken="EntityAlreadyExists",
        source=api("iam", operation),
    )


_TO_ROLE = Reference(
    path="role",
    to=ROLE,
    by="name",
    code="NoSuchEntity",
    holds=False,  # see role_has_no_dependents: forceDetachPolicies detaches them
    source=api("iam", "PutRolePolicy"),
)


def to_role(path: str, *, code: str, source: Source, external: str | None = None) -> Reference:
    """Return a reference to a role that a service assumes, by its ARN. It does not block the role's deletion."""
    return Reference(
        path=path, to=ROLE, by="arn", external=external, same_region=False, holds=False, code=code, source=source
    )


def to_policy(path: str) -> Reference:
    """Return a reference to a managed policy, of the account or of AWS, by its ARN."""
    return Reference(
        path=path,
        to=POLICY,
        by="arn",
        external=_MANAGED_BY_AWS,
        code="NoSuchEntity",
        in_use="DeleteConflict",
        source=api("iam", "DeletePolicy"),
    )


@rule("path-begins-and-ends-with-slash", Stage.PLAN, source=api("iam", "CreateRole"))
def path_in_slashes(call: Call) -> Iterator[Rejection]:
    path = known(call, "path", "/")
    if not (path.startswith("/") and path.endswith("/")):
        yield Rejection("path", f"the path must begin and end with / (got '{path}')", "ValidationError")


@rule(
    "tag-keys-differ-in-more-than-case",
    Stage.CREATE,
    Stage.UPDATE,
    source=quoted("Duplicate tag keys found. Please note that Tag keys are case insensitive."),
)
def tag_keys_differ(call: Call) -> Iterator[Rejection]:
    tags = call.inputs.get("tags")
    keys = {**call.default_tags, **tags} if isinstance(tags, dict) else {}
    if len({str(key).lower() for key in keys}) < len(keys):
        yield Rejection(
            "tags",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive. Use keys that differ in more"
            " than case.",
            "InvalidInput",
        )


@rule("names-differ-by-more-than-case", Stage.CREATE, source=QUOTAS)
def not_only_case(call: Call) -> Iterator[Rejection]:
    name = str(call.get("name"))
    for other in others_in_region(call, call.type):
        existing = str(other.outputs.get("name"))
        if existing != name and existing.lower() == name.lower():
            yield Rejection(
                "name",
                f"'{name}' differs from the existing '{existing}' only by case. Names are not case-sensitive.",
                "EntityAlreadyExists",
            )


@rule("ten-managed-policies-per-role", Stage.CREATE, source=QUOTAS)
def policies_per_role(call: Call) -> Iterator[Rejection]:
    attached = list(others_in_region(call, ROLE_POLICY_ATTACHMENT, role=call.get("role")))
    if len(attached) >= 10:
        yield Rejection(
            "role",
            f"role {call.get('role')} already has {len(attached)} managed policies. The quota is 10.",
            "LimitExceeded",
        )


@rule("inline-policies-total-10240-characters", Stage.CREATE, Stage.UPDATE, source=QUOTAS)
def inline_policies_size(call: Call) -> Iterator[Rejection]:
    others = others_in_region(call, ROLE_POLICY, role=call.get("role"))
    documents = [call.get("policy"), *(other.outputs.get("policy") for other in others)]
    total = sum(len("".join(document.split())) for document in documents if isinstance(document, str))
    if total > 10_240:
        yield Rejection(
            "policy",
            f"the role's inline policies are too long (got {total} characters in total). Allowed are at most 10,240.",
            "LimitExceeded",
        )


@rule("role-has-no-dependents", Stage.DELETE, source=api("iam", "DeleteRole"))
def role_has_no_dependents(call: Call) -> Iterator[Rejection]:
    role = call.this
    if role is None or role.inputs.get("forceDetachPolicies"):
        return
    for type in (ROLE_POLICY, ROLE_POLICY_ATTACHMENT):
        for other in call.cloud.find(type, role=role.outputs.get("name")):
            yield Rejection("", f"cannot delete the role while {other.id} is attached to it", "DeleteConflict")


@rule("identity-provider-url", Stage.PLAN, source=api("iam", "CreateOpenIDConnectProvider"))
def provider_url(call: Call) -> Iterator[Rejection]:
    url = known(call, "url")
    if url is not None and not url.startswith("https://"):
        yield Rejection("url", f"the URL must begin with https:// (got '{url}')", "ValidationError")
    for at, thumbprint in located(call.inputs, "thumbprintLists[*]"):
        if isinstance(thumbprint, str) and len(thumbprint) != 40:
            yield Rejection(
                at,
                f"invalid thumbprint (got {len(thumbprint)} characters). A thumbprint has 40 hexadecimal digits.",
                "ValidationError",
            )


@rule("one-identity-provider-per-url", Stage.CREATE, source=api("iam", "CreateOpenIDConnectProvider"))
def provider_is_new(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, OIDC_PROVIDER, url=call.get("url")):
        yield Rejection(
            "url", f"a provider with url {call.get('url')} already exists: {other.id}", "EntityAlreadyExists"
        )


def _unique_id(prefix: str, call: Call) -> str:
    return f"{prefix}{call.hex(17, 'unique').upper()}"


_MADE = "2026-01-01T00:00:00Z"  # ids do not depend on the time: the same call creates the same role

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=ROLE,
        source=sdk("iam/role"),
        regional=False,
        id="{name}",
        outputs={
            "arn": "arn:aws:iam::{account}:role{path|/}{name}",
            "uniqueId": lambda call: _unique_id("AROA", call),
            "createDate": _MADE,
            "path": "/",
            "namePrefix": "",
            "maxSessionDuration": 3600,
            "forceDetachPolicies": False,
            "managedPolicyArns": [],
            "inlinePolicies": [],
        },
        replaces=frozenset({"name", "namePrefix", "path"}),
        replace_source=created_only("AWS::IAM::Role"),
        ranges={"maxSessionDuration": (3600, 43200)},
        name=_name(64, "CreateRole"),
        references=(to_policy("permissionsBoundary"), to_policy("managedPolicyArns[*]")),
        quotas=(Quota(limit=1000, per="account", what="roles per account", code="LimitExceeded", source=QUOTAS),),
        rules=(
            policy_document("assumeRolePolicy", "trust", longest=2048),
            policy_document("inlinePolicies[*].policy", "identity", longest=10_240),
            path_in_slashes,
            not_only_case,
            tag_keys_differ,
            role_has_no_dependents,
            managed_policy_exists("permissionsBoundary"),
            managed_policy_exists("managedPolicyArns[*]"),
        ),
    ),
    Behaviour(
        type=ROLE_POLICY,
        source=sdk("iam/rolepolicy"),
        regional=False,
        id="{role}:{name}",
        outputs={"namePrefix": ""},
        replaces=frozenset({"name", "namePrefix", "role"}),
        replace_source=created_only("AWS::IAM::RolePolicy"),
        name=Name(
            longest=128,
            pattern=_NAME,
            allowed=_NAME_CHARACTERS,
            unique="role",
            taken="EntityAlreadyExists",
            source=api("iam", "PutRolePolicy"),
        ),
        references=(_TO_ROLE,),
        rules=(policy_document("policy", "identity", longest=10_240), inline_policies_size),
    ),
    Behaviour(
        type=ROLE_POLICY_ATTACHMENT,
        source=sdk("iam/rolepolicyattachment"),
        regional=False,
        id="{role}-{hex24}",
        replaces=frozenset({"role", "policyArn"}),
        replace_source=RECORDED,
        references=(_TO_ROLE, to_policy("policyArn")),
        rules=(policies_per_role, managed_policy_exists("policyArn")),
    ),
    Behaviour(
        type=POLICY,
        source=sdk("iam/policy"),
        regional=False,
        id="arn:aws:iam::{account}:policy{path|/}{name}",
        outputs={
            "arn": "{id}",
            "policyId": lambda call: _unique_id("ANPA", call),
            "attachmentCount": 0,
            "path": "/",
            "namePrefix": "",
        },
        replaces=frozenset({"name", "namePrefix", "path", "description"}),
        replace_source=created_only("AWS::IAM::ManagedPolicy"),
        name=_name(128, "CreatePolicy"),
        quotas=(
            Quota(limit=1500, per="account", what="customer managed policies", code="LimitExceeded", source=QUOTAS),
        ),
        rules=(policy_document("policy", "identity", longest=6144), path_in_slashes, not_only_case, tag_keys_differ),
    ),
    Behaviour(
        type=OIDC_PROVIDER,
        source=sdk("iam/openidconnectprovider"),
        regional=False,
        id=lambda call: f"arn:aws:iam::{call.account}:oidc-provider/{str(call.get('url')).removeprefix('https://')}",
        outputs={"arn": "{id}", "thumbprintLists": lambda call: [call.hex(40, "thumbprint")]},
        replaces=frozenset({"url"}),
        replace_source=created_only("AWS::IAM::OIDCProvider"),
        quotas=(Quota(limit=100, per="account", what="OpenID Connect providers", code="LimitExceeded", source=QUOTAS),),
        rules=(provider_url, provider_is_new, tag_keys_differ),
    ),
    Behaviour(
        type=INSTANCE_PROFILE,
        source=sdk("iam/instanceprofile"),
        regional=False,
        id="{name}",
        outputs={
            "arn": "arn:aws:iam::{account}:instance-profile{path|/}{name}",
            "uniqueId": lambda call: _unique_id("AIPA", call),
            "createDate": _MADE,
            "path": "/",
            "namePrefix": "",
        },
        replaces=frozenset({"name", "namePrefix", "path"}),
        replace_source=created_only("AWS::IAM::InstanceProfile"),
        name=_name(128, "CreateInstanceProfile"),
        references=(_TO_ROLE,),
        rules=(path_in_slashes, not_only_case, tag_keys_differ),
    ),
)
