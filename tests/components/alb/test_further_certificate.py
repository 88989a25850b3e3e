"""Tests of further certificates of a listener."""

from __future__ import annotations

from components.alb.further_certificate import FurtherCertificate, FurtherCertificateArgs
from tests.engine_recorder import record


def test_the_certificate_is_added_to_the_listener() -> None:
    args = FurtherCertificateArgs(listener_arn="arn:listener", certificate_arn="arn:certificate")
    recording = record(lambda: FurtherCertificate("site", args))

    assert recording.tree() == {"site": None, "site-listener": "site"}
    assert recording.named("site-listener").inputs == {
        "listenerArn": "arn:listener",
        "certificateArn": "arn:certificate",
    }
