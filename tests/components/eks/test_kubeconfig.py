"""Tests of the kubeconfig."""

from __future__ import annotations

import json

from pulumi import Output

from components.eks.kubeconfig import kubeconfig
from tests.engine_recorder import record


def test_kubeconfig_contains_a_command_and_no_credential() -> None:
    def build() -> Output[str]:
        return kubeconfig(
            cluster_name="app-prod", endpoint="https://api", certificate_authority="Y2E=", region="eu-west-1"
        )

    recording = record(build)
    config = json.loads(recording.value(recording.result))

    user = config["users"][0]["user"]
    assert set(user) == {"exec"}
    assert user["exec"]["args"][:4] == ["--region", "eu-west-1", "eks", "get-token"]
    assert config["clusters"][0]["cluster"] == {"server": "https://api", "certificate-authority-data": "Y2E="}
