"""Scheduled maintenance: backups of data in AWS, and the rotation of the signing keys."""

from __future__ import annotations

from dataclasses import dataclass

from components.backup.plan import BackupCopy, BackupPlan, BackupPlanArgs
from components.kms.key import KeyUse, KmsKey, KmsKeyArgs
from components.secrets.rotation import SecretRotation
from stacks.catalog.phases import Feature
from stacks.context import StackContext
from stacks.resources.compute import Compute
from stacks.resources.credentials import Credentials, rotate
from stacks.resources.foundation import Foundation
from stacks.resources.site import Site


@dataclass(frozen=True, kw_only=True, slots=True)
class Maintenance:
    """The scheduled maintenance of a stack. A field is None when the phase or a setting leaves it out."""

    backups: BackupPlan | None
    rotation: SecretRotation | None


def create_maintenance(
    context: StackContext, foundation: Foundation, credentials: Credentials, compute: Compute, site: Site | None
) -> Maintenance:
    """Create the backup plan of the site bucket and the rotation. Atlas and ElastiCache have their own backups."""
    backups = None
    if context.has(Feature.BACKUPS) and foundation.key is not None and site is not None:
        backups = BackupPlan(
            "backups",
            BackupPlanArgs(
                resource_arns={"site": site.bucket.bucket_arn},
                kms_key_arn=foundation.key.arn,
                force_destroy=not context.settings.protect,
                copy=_copy(context),
                tags=context.tags,
            ),
            context.opts,
        )
    return Maintenance(backups=backups, rotation=rotate(context, foundation, credentials, compute.redeployed))


def _copy(context: StackContext) -> BackupCopy | None:
    """Return where recovery points are copied to, with a key of that region; None without the setting."""
    region = context.settings.backup_copy_region
    if region is None:
        return None
    args = KmsKeyArgs(account_id=context.lookups.account_id, region=region, uses=(KeyUse.BACKUPS,), tags=context.tags)
    return BackupCopy(region=region, kms_key_arn=KmsKey("backups-copy", args, context.opts).arn)
