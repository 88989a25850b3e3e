# Rejected: content-fits-the-type
import pulumi_cloudflare as cloudflare

z = cloudflare.Zone("z", account={"id": "a" * 32}, name="example.com")
cloudflare.DnsRecord("r", zone_id=z.id, name="a", type="A", content="x.example.com", ttl=1)
