# Rejected: setting-value-is-allowed
import pulumi_cloudflare as cloudflare

z = cloudflare.Zone("z", account={"id": "a" * 32}, name="example.com")
cloudflare.ZoneSetting("s", zone_id=z.id, setting_id="ssl", value="strictest")
