# Rejected: plan-allows-the-rules
import pulumi_cloudflare as cloudflare

z = cloudflare.Zone("z", account={"id": "a" * 32}, name="example.com")
cloudflare.Ruleset(
    "r",
    zone_id=z.id,
    kind="zone",
    phase="http_request_firewall_custom",
    name="r",
    rules=[
        {"action": "block", "expression": f'(http.host eq "a{i}.example.com")', "description": f"{i}"} for i in range(6)
    ],
)
