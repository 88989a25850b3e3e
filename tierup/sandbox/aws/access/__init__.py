"""IAM decisions: whether a caller may perform an action on a resource, from the policies that exist in the sandbox.

`decide` is the entry point. It reads identity-based, resource-based and key policies from the cloud and evaluates them
as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html describes. Not evaluated:
service control policies, session policies and KMS grants, which the sandbox does not have.

No library fits: moto.iam.access_control evaluates conditions in trust policies only, and no rules between accounts,
principalmapper has had no release since 2022, and others check policies without evaluating requests (read 2026-11-28).
"""

from .decisions import decide
from .deployer import denied, invoke_denied
from .evaluation import Decision, Outcome

AUTHORIZE = denied
INVOKE_AUTHORIZE = invoke_denied
"""The registry reads these two names: they decide whether the deployer may perform an operation or call a function."""

__all__ = ["AUTHORIZE", "INVOKE_AUTHORIZE", "Decision", "Outcome", "decide"]
