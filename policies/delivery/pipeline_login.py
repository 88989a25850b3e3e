"""DEL-003: the pipeline logs in to its cloud provider with OpenID Connect instead of a long-lived key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, ProjectFiles, ProjectRule, Severity
from .pipelines import require_pipelines

KEYS = re.compile(
    r"^(?:AWS[_-]SECRET[_-]ACCESS[_-]KEY|AZURE[_-]CLIENT[_-]SECRET|ARM[_-]CLIENT[_-]SECRET|GOOGLE[_-]CREDENTIALS"
    r"|CREDENTIALS[_-]JSON)$",
    re.IGNORECASE,
)
# A stored key comes from GitHub's secrets and variables, or from another service's variables. The outputs of an earlier
# step (steps.x.outputs) are not stored, and a plain value such as "test" is a dummy key for an emulator.
STORED = re.compile(r"\bsecrets\.|\bvars\.|^\$\(?\{?\w+\}?\)?$")


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    for pipeline in require_pipelines(project):
        names = {name for name, value in pipeline.values if KEYS.match(name) and STORED.search(value)}
        for name in sorted(names):
            yield Finding(
                f"{pipeline.path}: {name}", "a stored key", "a role that the pipeline assumes with OpenID Connect"
            )


RULE = ProjectRule(
    id="DEL-003",
    name="pipeline-login",
    title="The pipeline stores no long-lived key of a cloud provider.",
    item=ChecklistItem.SECRETS,
    severity=Severity.HIGH,
    check=check,
    remediation="Give the pipeline a role that trusts its OpenID Connect token, and delete the stored key.",
    example="""# .github/workflows/deploy.yml:
# permissions: {id-token: write, contents: read}
# - uses: aws-actions/configure-aws-credentials@<commit>
#   with: {role-to-assume: "arn:aws:iam::111122223333:role/deploy", aws-region: eu-west-1}""",
    source="https://docs.github.com/en/actions/concepts/security/openid-connect",
    read=date(2026, 11, 24),
    pitfall=Pitfall.HARDCODED_SECRETS,
    unproven="The rule does not see keys that the CI service stores but the file does not name.",
)
