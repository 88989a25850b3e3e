# Rejected: plan-allows-the-rules
import pulumi_cloudflare as cloudflare

z = cloudflare.Zone("z", account={"id": "a" * 32}, name="example.com")
cloudflare.Ruleset(
    "r",
    zone_id=z.id,
    kind="zone",
    phase="http_ratelimit",
    name="r",
    rules=[
        {
            "action": "block",
            "expression": '(http.request.uri.path eq "/a")',
            "description": "a",
            "ratelimit": {
                "characteristics": ["cf.colo.id", "ip.src"],
                "period": 60,
                "requests_per_period": 10,
                "mitigation_timeout": 60,
            },
        }
    ],
)
