from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.dockerfile import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate

GOOD = """# syntax=docker/dockerfile:1
ARG NODE=24.2
FROM --platform=linux/amd64 node:${NODE}-slim AS build
RUN --mount=type=secret,id=npm,env=NPM_TOKEN \\
    npm ci
FROM node:24.2-slim
ENV NODE_ENV=production TOKEN_TTL=900
COPY --from=build /app /app
USER node
"""


def test_compliant_dockerfile_passes(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"api/Dockerfile": GOOD}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "base",
    [
        "node:24",
        "registry.example.com:5000/node:24",
        f"node@sha256:{'0' * 64}",
        "gcr.io/distroless/nodejs24:nonroot",
        "${BASE}",
    ],
)
def test_version_and_digest_are_pinned(tmp_path: Path, base: str) -> None:
    assert evaluate(RULE, tmp_path, {"Dockerfile": f"FROM {base}\nUSER 1000\n"}).outcome is Outcome.PASS


@pytest.mark.parametrize("base", ["node", "node:latest", "registry.example.com:5000/node", "${BASE:-node}"])
def test_base_without_a_version_fails(tmp_path: Path, base: str) -> None:
    verdict = evaluate(RULE, tmp_path, {"Dockerfile": f"FROM {base}\nUSER 1000\n"})
    assert verdict.findings[0].path == "Dockerfile: FROM"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FROM node:24\n", "not set: root"),
        ("FROM node:24\nUSER root\n", "root"),
        ("FROM node:24\nUSER node\nUSER 0\n", "0"),
        ("FROM node:24 AS a\nUSER node\nFROM node:24\nCOPY --from=a / /\n", "not set: root"),
    ],
)
def test_root_fails(tmp_path: Path, text: str, found: str) -> None:
    assert [f.found for f in evaluate(RULE, tmp_path, {"Dockerfile": text}).findings] == [found]


@pytest.mark.parametrize(
    "text",
    [
        "FROM gcr.io/distroless/static:nonroot\n",
        "FROM node:24 AS base\nUSER node\nFROM base\nCMD node\n",
        "FROM golang:1.25 AS build\nFROM scratch\nUSER 65532\n",
    ],
)
def test_non_root_user_passes(tmp_path: Path, text: str) -> None:
    assert evaluate(RULE, tmp_path, {"Dockerfile": text}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("line", "variable"),
    [
        ("ARG NPM_TOKEN", "ARG NPM_TOKEN"),
        ("ENV PORT=1 DB_PASSWORD=canary", "ENV DB_PASSWORD"),
        ("ENV API_KEY canary", "ENV API_KEY"),
        ("ENV A=1 \\\n    JWT_SECRET=canary", "ENV JWT_SECRET"),
    ],
)
def test_secret_in_a_layer_fails_and_is_not_shown(tmp_path: Path, line: str, variable: str) -> None:
    verdict = evaluate(RULE, tmp_path, {"Dockerfile": f"FROM node:24\n{line}\nUSER node\n"})
    assert [f.path for f in verdict.findings] == [f"Dockerfile: {variable}"]
    assert "canary" not in str(verdict)


def test_dockerfiles_in_node_modules_are_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"node_modules/x/Dockerfile": "FROM node"}).outcome is Outcome.NOT_APPLICABLE
