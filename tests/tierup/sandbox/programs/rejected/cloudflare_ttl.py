# Rejected: ttl-fits-the-proxy
import pulumi_cloudflare as cloudflare

z = cloudflare.Zone("z", account={"id": "a" * 32}, name="example.com")
cloudflare.DnsRecord("r", zone_id=z.id, name="a", type="A", content="192.0.2.1", ttl=10)
