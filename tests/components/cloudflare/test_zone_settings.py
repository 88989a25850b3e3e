"""The zone's settings, which encrypt traffic on both sides."""

from __future__ import annotations

from components.cloudflare.zone_settings import CloudflareZoneSettings, CloudflareZoneSettingsArgs
from tests.engine_recorder import record

SETTING = "cloudflare:index/zoneSetting:ZoneSetting"


def test_zone_requires_strict_tls_1_2_and_https() -> None:
    recording = record(lambda: CloudflareZoneSettings("zone", CloudflareZoneSettingsArgs(zone_id="z")))
    values = {setting.inputs["settingId"]: setting.inputs["value"] for setting in recording.of(SETTING)}

    assert values == {
        "ssl": "strict",
        "min_tls_version": "1.2",
        "always_use_https": "on",
        "http3": "on",
        "websockets": "on",
    }
    assert recording.tree()["zone-min-tls-version"] == "zone"
