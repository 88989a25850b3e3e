"""A policy pack of Pulumi's policy SDK with three rules of tierup.

pulumi preview --policy-pack ../custom-pack
"""

from __future__ import annotations

import sys
from pathlib import Path

# The rules are in the checkout, two folders up. A pack elsewhere names the path of a checkout, or copies `policies`.
sys.path.append(str(Path(__file__).resolve().parents[2]))

from pulumi_policy import EnforcementLevel, PolicyPack

from policies.cache.encrypted import RULE as CACHE_ENCRYPTED
from policies.load_balancer.https_only import RULE as HTTPS_ONLY
from policies.official_sdk import as_policies
from policies.s3.public_access import RULE as NO_PUBLIC_ACCESS

PolicyPack(
    name="custom-pack",
    policies=as_policies(CACHE_ENCRYPTED, HTTPS_ONLY, NO_PUBLIC_ACCESS),
    initial_config={NO_PUBLIC_ACCESS.name: EnforcementLevel.ADVISORY},
)
