# Rejected: ttl-fits-the-proxy
import pulumi_cloudflare as cloudflare

z = cloudflare.Zone("z", account={"id": "a" * 32}, name="example.com")
cloudflare.DnsRecord("r", zone_id=z.id, name="a", type="TXT", content="x", ttl=1, proxied=True)
