import pulumi_cloudflare as cloudflare

z = cloudflare.Zone("z", account={"id": "a" * 32}, name="example.com")

cloudflare.DnsRecord("www", zone_id=z.id, name="www", type="A", content="192.0.2.1", ttl=1, proxied=True)
cloudflare.DnsRecord("apex", zone_id=z.id, name="@", type="A", content="192.0.2.1", ttl=1, proxied=True)
