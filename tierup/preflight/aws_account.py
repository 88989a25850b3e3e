"""The AWS account: valid credentials, the expected account, and regions that are enabled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import botocore.exceptions

from tierup.preflight.aws_clients import GLOBAL_REGION, is_invalid, pages, sentence
from tierup.preflight.check import PreflightCheck, PreflightFinding, failed, passed, warned
from tierup.preflight.context import PreflightContext, input_text

_LOG_IN: Final = "aws sso login && export AWS_PROFILE=PROFILE"


def _credentials(context: PreflightContext) -> Iterator[PreflightFinding]:
    try:
        identity = context.aws.client("sts").get_caller_identity()
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        if not is_invalid(error):
            raise
        yield failed(f"The AWS credentials are not valid. {sentence(error)}", _LOG_IN)
        return
    account, arn = str(identity["Account"]), str(identity["Arn"])
    if arn.endswith(":root"):
        yield warned(
            f"The credentials are those of the root user of account {account}.",
            "Use a role: aws configure sso, or an IAM role for CI (tierup bootstrap)",
        )
    else:
        yield passed(f"The credentials are valid for account {account} ({arn}).")


def _account(context: PreflightContext) -> Iterator[PreflightFinding]:
    allowed = _account_ids(context, "aws:allowedAccountIds")
    forbidden = _account_ids(context, "aws:forbiddenAccountIds")
    if not allowed and not forbidden:
        return
    account = context.account_id()
    if (allowed and account not in allowed) or account in forbidden:
        key = "aws:forbiddenAccountIds" if account in forbidden else "aws:allowedAccountIds"
        listed = ", ".join(forbidden if account in forbidden else allowed)
        yield failed(
            f"{key}: the stack must not be deployed to account {account} (the list has {listed}).",
            "export AWS_PROFILE=PROFILE of the right account",
        )
        return
    yield passed(f"The stack may be deployed to account {account}.")


def _account_ids(context: PreflightContext, key: str) -> list[str]:
    given = json.loads(context.plan.config.get(key) or "[]")
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]


def _regions(context: PreflightContext) -> Iterator[PreflightFinding]:
    client = context.aws.client("ec2", GLOBAL_REGION)
    status = {
        each["RegionName"]: each["OptInStatus"]
        for each in pages(client, "describe_regions", "Regions", AllRegions=True)
    }
    needed = {context.region}
    if context.plan.settings is not None:
        needed.update(region for each in context.resources() if (region := input_text(each, "region")))
    disabled = sorted(region for region in needed if status.get(region, "not-found") in ("not-opted-in", "not-found"))
    for region in disabled:
        if region not in status:
            yield failed(
                f"aws:region: AWS has no region {region}.", "aws account list-regions --query 'Regions[].RegionName'"
            )
            continue
        yield failed(
            f"Region {region} is not enabled in the account. It takes minutes to hours.",
            f"aws account enable-region --region-name {region}",
        )
    if not disabled:
        yield passed(f"The regions of the stack are enabled: {', '.join(sorted(needed))}.")


CHECKS: Final = (
    PreflightCheck(
        name="aws-credentials",
        area="AWS",
        description="The credentials are valid, and not those of the root user.",
        run=_credentials,
    ),
    PreflightCheck(
        name="aws-account",
        area="AWS",
        description="The account is in `aws:allowedAccountIds` and not in `aws:forbiddenAccountIds`, where set.",
        run=_account,
        needs_aws=True,
    ),
    PreflightCheck(
        name="aws-regions",
        area="AWS",
        description="Every region of the stack is enabled in the account.",
        run=_regions,
        needs_aws=True,
    ),
)
