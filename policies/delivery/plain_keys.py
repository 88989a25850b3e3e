"""DEL-009: no key or password of a real system stands in the program's files."""

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
# What others wrote, what is built, and the tests: keys in tests are made up, and look like real ones on purpose.
PASSED_OVER = re.compile(
    r"^(?:node_modules|vendor|venv|site-packages|__pycache__|dist|build|target|tests?|__tests__|spec|fixtures)$"
)
HIDDEN = (".github", ".circleci")  # the hidden folders that are looked into all the same
MOST_FILES = 5_000
LARGEST = 1_000_000  # bytes of a file that are read

_MADE_UP = rb"(?:<|\$|\{|%\(|\*|\.\.\.|x{3}|your|example|change|secret\b|pass(?:word)?\b|user\b|hidden|dummy|test)"
KINDS = (
    # kind; the texts of which one must stand there, looked for first because that is quick; the pattern
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
        "a database URL with its password",
        (b"://",),
        re.compile(
            rb"\b(?:mongodb(?:\+srv)?|postgres(?:ql)?|mysql|rediss?)://[^\s:/@'\"]{0,64}:(?!" + _MADE_UP + rb")"
            rb"[^\s:/@'\"]{8,128}@(?!localhost|127\.)[\w.-]{4,255}",
            re.IGNORECASE,
        ),
    ),
)


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    for number, file in enumerate(_files(project.folder)):
        if number == MOST_FILES:
            raise Indeterminate(f"the project has more than {MOST_FILES} files: the rest was not read")
        with file.open("rb") as stream:
            text = stream.read(LARGEST)
        for kind, marks, pattern in KINDS:
            for match in pattern.finditer(text) if any(mark in text for mark in marks) else ():
                line = text.count(b"\n", 0, match.start()) + 1
                yield Finding(f"{project.named(file)}:{line}", f"{kind} (value not shown)", "the name of a secret")


def _files(folder: Path) -> Iterator[Path]:
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not PASSED_OVER.match(name) and (name in HIDDEN or not name.startswith("."))
        )
        for name in sorted(files):
            file = Path(path, name)
            if READ.search(name) and file.is_file():
                yield file


RULE = ProjectRule(
    id="DEL-009",
    name="plain-keys",
    title="No file of the program holds a key or password of a real system.",
    item=ChecklistItem.SECRETS,
    severity=Severity.CRITICAL,
    check=check,
    remediation="Change the key at its source first, then read the new one from a secret (pulumi config set --secret).",
    example="""config = pulumi.Config()
password = config.require_secret("dbPassword")""",
    source="https://docs.github.com/en/code-security/secret-scanning/introduction/about-secret-scanning",
    read=date(2026, 11, 24),
    pitfall=Pitfall.HARDCODED_SECRETS,
    unproven="Secrets that look like nothing special, files of the tests, and what git's history holds.",
)
