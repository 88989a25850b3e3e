"""DEL-009: the program's files contain no key or password of a real system."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ..rule import ChecklistItem, Finding, Indeterminate, Parameters, Pitfall, ProjectFiles, ProjectRule, Severity

READ = re.compile(
    r"(?:\.(?:py|[cm]?[jt]s|[jt]sx|go|cs|java|kt|rb|php|rs|sh|ya?ml|json|toml|ini|cfg|conf|properties|tf|tfvars|pem|key)"
    r"|^(?:Dockerfile|Containerfile|Jenkinsfile|Makefile)|^\.env[\w.-]*|\.env)$"
)
# Third-party code, build output, and tests, whose dummy keys look like real ones on purpose.
SKIPPED = re.compile(
    r"^(?:node_modules|vendor|venv|site-packages|__pycache__|dist|build|target|tests?|__tests__|spec|fixtures)$"
)
HIDDEN = (".github", ".circleci")  # hidden folders that the rule reads
MAXIMUM_FILES = 5_000
MAXIMUM_BYTES = 1_000_000  # read of each file

_PLACEHOLDER = rb"(?:<|\$|\{|%\(|\*|\.\.\.|x{3}|your|example|change|secret\b|pass(?:word)?\b|user\b|hidden|dummy|test)"
KINDS = (
    # kind; texts of which one must occur, a fast check before the pattern; the pattern
    ("an AWS access key", (b"AKIA", b"ASIA"), re.compile(rb"\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}\b")),
    (
        "a private key",
        (b"PRIVATE KEY-----",),
        re.compile(rb"-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----(?:\s|\\n|\\r){1,8}[A-Za-z0-9+/]{40}"),
    ),
    (
        "a GitHub token",
        (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
        re.compile(rb"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})\b"),
    ),
    ("a Slack token", (b"xox",), re.compile(rb"\bxox[abprs]-\d{8,15}-[\w-]{10,255}")),
    ("a Stripe key", (b"k_live_",), re.compile(rb"\b[sr]k_live_[A-Za-z0-9]{20,255}\b")),
    (
        "a database URL with a password",
        (b"://",),
        re.compile(
            rb"\b(?:mongodb(?:\+srv)?|postgres(?:ql)?|mysql|rediss?)://[^\s:/@'\"]{0,64}:(?!" + _PLACEHOLDER + rb")"
            rb"[^\s:/@'\"]{8,128}@(?!localhost|127\.)[\w.-]{4,255}",
            re.IGNORECASE,
        ),
    ),
)


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    for number, file in enumerate(_files(project.folder)):
        if number == MAXIMUM_FILES:
            raise Indeterminate(
                f"the project has more than {MAXIMUM_FILES} files, so the rule did not read all of them"
            )
        with file.open("rb") as stream:
            text = stream.read(MAXIMUM_BYTES)
        for kind, marks, pattern in KINDS:
            for match in pattern.finditer(text) if any(mark in text for mark in marks) else ():
                line = text.count(b"\n", 0, match.start()) + 1
                yield Finding(f"{project.named(file)}:{line}", f"{kind} (value not shown)", "a reference to a secret")


def _files(folder: Path) -> Iterator[Path]:
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not SKIPPED.match(name) and (name in HIDDEN or not name.startswith("."))
        )
        for name in sorted(files):
            file = Path(path, name)
            if READ.search(name) and file.is_file():
                yield file


RULE = ProjectRule(
    id="DEL-009",
    name="plain-keys",
    title="The program's files contain no key or password of a real system.",
    item=ChecklistItem.SECRETS,
    severity=Severity.CRITICAL,
    check=check,
    remediation="Rotate the key at its source first, then read the new one from a secret (pulumi config set --secret).",
    example="""config = pulumi.Config()
password = config.require_secret("dbPassword")""",
    source="https://docs.github.com/en/code-security/secret-scanning/introduction/about-secret-scanning",
    read=date(2026, 11, 24),
    pitfall=Pitfall.HARDCODED_SECRETS,
    unproven=(
        "The rule does not see secrets without a recognisable form, secrets in test files, nor secrets in git's "
        "history."
    ),
)
