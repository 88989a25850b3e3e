import pulumi_cloudflare as cloudflare

account = "0123456789abcdef0123456789abcdef"
zone = cloudflare.Zone("z", account={"id": account}, name="example.com", type="full")
cloudflare.DnsRecord("root", zone_id=zone.id, name="example.com", type="A", content="192.0.2.1", ttl=1, proxied=True)
cloudflare.DnsRecord(
    "mx", zone_id=zone.id, name="example.com", type="MX", content="mail.example.com", priority=10, ttl=300
)
cloudflare.DnsRecord("txt", zone_id=zone.id, name="_dmarc", type="TXT", content='"v=DMARC1; p=none"', ttl=1)
cloudflare.DnsRecord(
    "srv",
    zone_id=zone.id,
    name="_sip._tcp",
    type="SRV",
    ttl=3600,
    data={"priority": 10, "weight": 60, "port": 5060, "target": "sip.example.com"},
    priority=10,
)
bucket = cloudflare.R2Bucket("assets", account_id=account, name="assets", location="weur")
kv = cloudflare.WorkersKvNamespace("kv", account_id=account, title="cache")
worker = cloudflare.WorkersScript(
    "w",
    account_id=account,
    script_name="hello",
    content="export default {fetch() {return new Response()}}",
    main_module="worker.js",
    bindings=[{"type": "kv_namespace", "name": "KV", "namespace_id": kv.id}],
)
cloudflare.WorkersRoute("route", zone_id=zone.id, pattern="example.com/*", script=worker.script_name)
cloudflare.ZoneSetting("ssl", zone_id=zone.id, setting_id="ssl", value="full")
cloudflare.Ruleset(
    "waf",
    zone_id=zone.id,
    name="waf",
    kind="zone",
    phase="http_request_firewall_custom",
    rules=[{"action": "block", "expression": '(ip.src.country in {"KP"})', "description": "a", "enabled": True}],
)
cloudflare.Ruleset(
    "redirect",
    zone_id=zone.id,
    name="r",
    kind="zone",
    phase="http_request_dynamic_redirect",
    rules=[
        {
            "action": "redirect",
            "expression": '(http.host eq "www.example.com")',
            "action_parameters": {
                "from_value": {
                    "status_code": 301,
                    "target_url": {"expression": 'concat("https://example.com", http.request.uri.path)'},
                    "preserve_query_string": True,
                }
            },
        }
    ],
)
