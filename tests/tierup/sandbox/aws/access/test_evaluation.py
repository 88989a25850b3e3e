"""The evaluation of policies, on the examples of the IAM User Guide and on each rule of its evaluation logic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tierup.sandbox.aws.access.documents import Statement, statements
from tierup.sandbox.aws.access.evaluation import Decision, Outcome, Policies, Request, evaluate
from tierup.sandbox.aws.access.matching import Context

CARLOS = "arn:aws:iam::111122223333:user/carlossalazar"
ROLE = "arn:aws:iam::111122223333:role/app"
OTHER = "arn:aws:iam::444455556666:role/app"
BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar-logs"


def policy(*given: dict[str, Any], version: str = "2012-10-17") -> Sequence[Statement]:
    return statements({"Version": version, "Statement": list(given)}, "policy")


def allow(action: str | list[str] = "*", resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str = "*", resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def decided(
    caller: str = ROLE,
    action: str = "s3:GetObject",
    resource: str = f"{BUCKET}/file",
    context: Context | None = None,
    undetermined: str = "",
    **policies: Any,
) -> Decision:
    request = Request(
        caller=caller,
        action=action,
        resource=resource,
        context=context or {},
        is_determined=lambda key: key != undetermined,
    )
    return evaluate(request, Policies(**policies))


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
# "Example identity-based and resource-based policy evaluation" (read 2026-11-28)
CARLOS_IDENTITY = policy(
    {
        "Sid": "AllowS3ListRead",
        "Effect": "Allow",
        "Action": ["s3:GetBucketLocation", "s3:GetAccountPublicAccessBlock", "s3:ListAllMyBuckets"],
        "Resource": "arn:aws:s3:::*",
    },
    {
        "Sid": "AllowS3Self",
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": [
            "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar/*",
            "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar",
        ],
    },
    {"Sid": "DenyS3Logs", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::*log*"},
)
CARLOS_BUCKET = policy(
    {
        "Effect": "Allow",
        "Principal": {"AWS": CARLOS},
        "Action": "s3:*",
        "Resource": [f"{BUCKET}/*", BUCKET],
    }
)


def test_documented_example_is_denied_by_the_explicit_deny() -> None:
    found = evaluate(
        Request(caller=CARLOS, action="s3:PutObject", resource=f"{BUCKET}/file"),
        Policies(identity=CARLOS_IDENTITY, resource=CARLOS_BUCKET),
    )
    assert found == Decision(
        Outcome.DENIED, "with an explicit deny in an identity-based policy", "policy, statement 'DenyS3Logs'"
    )


def test_either_policy_suffices_in_one_account() -> None:
    request = Request(caller=CARLOS, action="s3:PutObject", resource=f"{BUCKET}/file")
    assert evaluate(request, Policies(resource=CARLOS_BUCKET)).allowed
    assert evaluate(request, Policies(identity=policy(allow("s3:PutObject")))).allowed
    assert evaluate(request, Policies()) == Decision(
        Outcome.DENIED, "because no identity-based policy allows the s3:PutObject action"
    )


def test_root_principal_delegates_to_identity_policies() -> None:
    root = policy({**allow("s3:*"), "Principal": {"AWS": "arn:aws:iam::111122223333:root"}})
    request = Request(caller=ROLE, action="s3:GetObject", resource=f"{BUCKET}/file")
    assert evaluate(request, Policies(resource=root)).denied
    assert evaluate(request, Policies(resource=root, identity=policy(allow("s3:GetObject")))).allowed


@pytest.mark.parametrize("principal", [OTHER, "arn:aws:iam::444455556666:root", "444455556666", "*"])
def test_two_accounts_require_both_policies(principal: str) -> None:
    given = policy({**allow("s3:GetObject"), "Principal": {"AWS": principal}})
    identity = policy(allow("s3:GetObject"))
    request = Request(caller=OTHER, action="s3:GetObject", resource=f"{BUCKET}/file")
    owner = "111122223333"
    assert evaluate(request, Policies(resource=given, identity=identity, resource_account=owner)).allowed
    assert evaluate(request, Policies(resource=given, resource_account=owner)).denied
    assert evaluate(request, Policies(identity=identity, resource_account=owner)).denied


def test_key_needs_its_key_policy() -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (read 2026-11-28)."""
    request = Request(caller=ROLE, action="kms:Decrypt", resource="arn:aws:kms:eu-west-1:111122223333:key/1")
    identity = policy(allow("kms:Decrypt"))
    by_root = policy({**allow("kms:*"), "Principal": {"AWS": "arn:aws:iam::111122223333:root"}})
    by_role = policy({**allow("kms:Decrypt"), "Principal": {"AWS": ROLE}})
    assert evaluate(request, Policies(identity=identity, resource=(), needs_resource_policy=True)).denied
    assert evaluate(request, Policies(resource=by_root, needs_resource_policy=True)).denied
    assert evaluate(request, Policies(identity=identity, resource=by_root, needs_resource_policy=True)).allowed
    assert evaluate(request, Policies(resource=by_role, needs_resource_policy=True)).allowed


def test_boundary_limits_identity_policies() -> None:
    identity = policy(allow("s3:*"))
    request = Request(caller=ROLE, action="s3:DeleteObject", resource=f"{BUCKET}/file")
    assert evaluate(request, Policies(identity=identity, boundary=policy(allow("s3:Get*")))) == Decision(
        Outcome.DENIED, "because no permissions boundary allows the s3:DeleteObject action"
    )
    assert evaluate(request, Policies(identity=identity, boundary=policy(allow("s3:*")))).allowed


def test_endpoint_policy_limits_every_caller() -> None:
    identity = policy(allow("s3:*"))
    limit = policy({**allow("s3:GetObject"), "Principal": "*"})
    request = Request(caller=ROLE, action="s3:PutObject", resource=f"{BUCKET}/file")
    assert evaluate(request, Policies(identity=identity, endpoint=limit)) == Decision(
        Outcome.DENIED, "because no VPC endpoint policy allows the s3:PutObject action"
    )


def test_service_needs_a_resource_policy() -> None:
    request = Request(caller="logs.eu-west-1.amazonaws.com", action="kms:Decrypt", resource="*")
    named = policy({**allow("kms:*"), "Principal": {"Service": "logs.eu-west-1.amazonaws.com"}})
    other = policy({**allow("kms:*"), "Principal": {"Service": "logs.eu-west-2.amazonaws.com"}})
    everyone = policy({**allow("kms:*"), "Principal": {"AWS": "*"}})
    assert evaluate(request, Policies(resource=named)).allowed
    assert evaluate(request, Policies(resource=other)).denied
    assert evaluate(request, Policies(resource=everyone)).allowed


def test_not_action_and_not_resource_exclude_what_they_list() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html."""
    all_but_iam = policy({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"})
    assert decided(identity=all_but_iam).allowed
    assert decided(action="iam:CreateRole", identity=all_but_iam).denied
    except_payroll = policy(
        allow("s3:*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::HRBucket/Payroll/*"]}
    )
    assert decided(resource="arn:aws:s3:::HRBucket/Payroll/a", identity=except_payroll).allowed
    assert decided(resource="arn:aws:s3:::HRBucket/a", identity=except_payroll).denied


def test_not_principal_denies_the_others() -> None:
    only_app = policy({**deny("s3:*"), "NotPrincipal": {"AWS": ROLE}})
    request = Request(caller=ROLE, action="s3:GetObject", resource=f"{BUCKET}/file")
    identity = policy(allow("s3:*"))
    assert evaluate(request, Policies(identity=identity, resource=only_app)).allowed
    by_carlos = Request(caller=CARLOS, action="s3:GetObject", resource=f"{BUCKET}/file")
    assert evaluate(by_carlos, Policies(identity=identity, resource=only_app)).denied


def test_action_names_are_not_case_sensitive_and_resources_are() -> None:
    assert decided(identity=policy(allow("S3:getobject"))).allowed
    assert decided(identity=policy(allow("s3:GetObject", f"{BUCKET.upper()}/*"))).denied
    assert decided(identity=policy(allow("s3:Get?bject", "arn:aws:s3:::*/f?le"))).allowed


def test_variables_are_replaced_in_resources() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (read 2026-11-28)."""
    home = policy(allow("s3:*", "arn:aws:s3:::mybucket/${aws:username}/*"))
    context = {"aws:username": ["carlos"]}
    assert decided(resource="arn:aws:s3:::mybucket/carlos/a", context=context, identity=home).allowed
    assert decided(resource="arn:aws:s3:::mybucket/maria/a", context=context, identity=home).denied
    assert decided(resource="arn:aws:s3:::mybucket/carlos/a", identity=home).denied
    everything = {"aws:username": ["*"]}
    assert decided(resource="arn:aws:s3:::mybucket/maria/a", context=everything, identity=home).denied
    default = policy(allow("s3:*", "arn:aws:s3:::mybucket/${aws:PrincipalTag/team, 'company-wide'}/*"))
    assert decided(resource="arn:aws:s3:::mybucket/company-wide/a", identity=default).allowed
    literal = policy(allow("s3:*", "arn:aws:s3:::mybucket/${*}"))
    assert decided(resource="arn:aws:s3:::mybucket/*", identity=literal).allowed
    assert decided(resource="arn:aws:s3:::mybucket/a", identity=literal).denied


def test_old_version_has_no_variables() -> None:
    old = policy(allow("s3:*", "arn:aws:s3:::mybucket/${aws:username}/*"), version="2008-10-17")
    assert decided(resource="arn:aws:s3:::mybucket/carlos/a", context={"aws:username": ["carlos"]}, identity=old).denied
    assert decided(resource="arn:aws:s3:::mybucket/${aws:username}/a", identity=old).allowed


def test_undetermined_condition_makes_the_decision_unknown() -> None:
    test: dict[str, Any] = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}
    key = "aws:principaltag/team"
    assert decided(undetermined=key, identity=policy(allow(**test))).outcome is Outcome.UNKNOWN
    assert decided(undetermined=key, identity=policy(allow(), deny(**test))).outcome is Outcome.UNKNOWN
    assert decided(undetermined=key, identity=policy(allow(**test), allow())).allowed
    assert decided(undetermined=key, identity=policy(allow(), deny(**test), deny())).denied


def test_policy_of_unknown_content_makes_the_decision_unknown() -> None:
    assert decided(unreadable=["policy 'ReadOnlyAccess'"]).outcome is Outcome.UNKNOWN
    assert decided(unreadable=["policy 'ReadOnlyAccess'"], identity=policy(allow())).allowed
    assert decided(unreadable=["policy 'ReadOnlyAccess'"], identity=policy(deny())).denied


def test_assumed_role_session_names_its_role() -> None:
    session = policy({**allow("s3:*"), "Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/app/task"}})
    request = Request(caller=ROLE, action="s3:GetObject", resource=f"{BUCKET}/file")
    assert evaluate(request, Policies(resource=session)).allowed
