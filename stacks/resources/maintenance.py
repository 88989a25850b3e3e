"""What runs by the clock to keep the stack: backups of what AWS holds, and the rotation of the signing keys."""

from __future__ import annotations

from dataclasses import dataclass

from components.backup.plan import BackupPlan, BackupPlanArgs
from components.secrets.rotation import SecretRotation
from stacks.catalog.phases import Block
from stacks.context import Plan
from stacks.resources.compute import Running
from stacks.resources.credentials import Credentials, rotate
from stacks.resources.foundation import Ground
from stacks.resources.site import Site


@dataclass(frozen=True, kw_only=True, slots=True)
class Upkeep:
    """None where the stack's phase or a setting leaves it out."""

    backups: BackupPlan | None
    rotation: SecretRotation | None


def make_upkeep(plan: Plan, ground: Ground, credentials: Credentials, running: Running, site: Site) -> Upkeep:
    """Atlas and ElastiCache back themselves up; AWS Backup has the bucket."""
    backups = None
    if plan.has(Block.BACKUPS) and ground.key is not None:
        backups = BackupPlan(
            "backups",
            BackupPlanArgs(
                resource_arns={"site": site.bucket.bucket_arn},
                kms_key_arn=ground.key.arn,
                force_destroy=not plan.settings.protect,
                tags=plan.tags,
            ),
            plan.opts,
        )
    return Upkeep(backups=backups, rotation=rotate(plan, ground, credentials, running.restarted))
