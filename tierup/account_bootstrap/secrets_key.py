"""The KMS key that encrypts the secrets of a stack, with an alias and yearly rotation."""

from __future__ import annotations

from typing import Any, Final

from tierup.account_bootstrap.step import TAG, BootstrapStep, StepAction, has_tag, tag_list
from tierup.preflight.aws_clients import pages
from tierup.preflight.context import call_or_none

_RESOURCE: Final = "KMS key"


def secrets_key(kms: Any, tagging: Any, alias: str, project: str) -> BootstrapStep:
    """Return the step of the key. `alias` begins with `alias/`."""
    found = call_or_none(lambda: kms.describe_key(KeyId=alias), "NotFound")
    if found is None:
        key = _key_without_alias(kms, tagging, project)
        return BootstrapStep(
            resource=_RESOURCE,
            name=alias,
            action=StepAction.CREATE,
            details=("encrypts the secrets of the stack", "yearly rotation"),
            apply=lambda: _create(kms, alias, project, key),
        )
    key = found["KeyMetadata"]
    key_id = str(key["KeyId"])
    if key["KeyState"] != "Enabled" or key.get("KeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        return BootstrapStep(
            resource=_RESOURCE,
            name=alias,
            action=StepAction.REJECT,
            details=(f"The key {key_id} cannot encrypt (its state is {key['KeyState']}, {key.get('KeySpec')}).",),
            command=f"aws kms enable-key --key-id {key_id}, or choose another alias with --key-alias.",
        )
    if kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"]:
        return BootstrapStep(resource=_RESOURCE, name=alias, action=StepAction.NONE)
    if not has_tag(kms.list_resource_tags(KeyId=key_id).get("Tags"), key="TagKey"):
        return BootstrapStep(
            resource=_RESOURCE,
            name=alias,
            action=StepAction.REJECT,
            details=(f"The key {key_id} has no rotation.",),
            command=f"aws kms enable-key-rotation --key-id {key_id}, or choose another alias with --key-alias.",
        )
    return BootstrapStep(
        resource=_RESOURCE,
        name=alias,
        action=StepAction.UPDATE,
        details=("yearly rotation",),
        apply=lambda: kms.enable_key_rotation(KeyId=key_id),
    )


def _key_without_alias(kms: Any, tagging: Any, project: str) -> str | None:
    """Return the id of a key that an interrupted run created without its alias, or None."""
    filters = [{"Key": TAG, "Values": [project]}]
    for each in pages(tagging, "get_resources", "ResourceTagMappingList", TagFilters=filters):
        _, _, identity = each["ResourceARN"].partition(":key/")
        if not identity or kms.describe_key(KeyId=identity)["KeyMetadata"]["KeyState"] != "Enabled":
            continue
        if not any(True for _ in pages(kms, "list_aliases", "Aliases", KeyId=identity)):
            return str(identity)
    return None


def _create(kms: Any, alias: str, project: str, key_id: str | None) -> None:
    if key_id is None:
        answer = kms.create_key(
            Description=f"Secrets in the Pulumi stacks of {project}",
            Tags=tag_list(project, key="TagKey", value="TagValue"),
        )
        key_id = str(answer["KeyMetadata"]["KeyId"])
    kms.enable_key_rotation(KeyId=key_id)
    kms.create_alias(AliasName=alias, TargetKeyId=key_id)
