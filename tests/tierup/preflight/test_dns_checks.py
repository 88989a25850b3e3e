"""The checks of the domain: hosted zone, delegation, CAA records and records that exist."""

from __future__ import annotations

import pytest

from tests.tierup.preflight.conftest import CLOUDFLARE, Account, statuses
from tierup.preflight.check import PreflightFinding, PreflightStatus
from tierup.preflight.context import PreflightContext

PASS, FAIL, UNKNOWN = PreflightStatus.PASS, PreflightStatus.FAIL, PreflightStatus.UNKNOWN


def one(account: Account, check: str) -> PreflightFinding:
    """Return the only finding of a check."""
    (finding,) = account.check(check)
    return finding


def add_zone(account: Account, name: str) -> str:
    """Create a further hosted zone, and return its id."""
    answer = account.client("route53").create_hosted_zone(Name=name, CallerReference=name)
    return str(answer["HostedZone"]["Id"].rpartition("/")[2])


def add_record(account: Account, name: str, kind: str = "CNAME", value: str = "old.example.com") -> None:
    """Create a record in the account's hosted zone."""
    record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
    account.client("route53").change_resource_record_sets(
        HostedZoneId=account.zone_id, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    )


def test_a_missing_hosted_zone_fails(account: Account) -> None:
    account.client("route53").delete_hosted_zone(Id=account.zone_id)
    finding = one(account, "hosted-zone")
    assert finding.status is FAIL
    assert finding.command.startswith("aws route53 create-hosted-zone --name example.com ")
    assert statuses(account.check("delegation")) == [UNKNOWN]


def test_the_zone_is_found_on_a_later_page(account: Account) -> None:
    account.client("route53").delete_hosted_zone(Id=account.zone_id)
    for number in range(120):  # Route 53 lists 100 in a page, and moto lists them by their creation
        add_zone(account, f"aa{number}.example.org")
    add_zone(account, "example.com")
    assert one(account, "hosted-zone").status is PASS


def test_several_zones_of_the_name_fail_until_one_is_chosen(account: Account) -> None:
    account.client("route53").create_hosted_zone(Name="example.com", CallerReference="2")
    assert "2 public hosted zones example.com" in one(account, "hosted-zone").finding
    account.chosen_zone = account.zone_id
    assert one(account, "hosted-zone").status is PASS


def test_a_zone_that_does_not_contain_the_api_fails(account: Account) -> None:
    account.chosen_zone = add_zone(account, "app.example.com")
    assert one(account, "hosted-zone").finding == "api.example.com is outside the hosted zone app.example.com."


def test_a_zone_id_that_does_not_exist_fails(account: Account) -> None:
    account.configure(hostedZoneId="Z0123456789ABCDEFGHIJ")
    assert one(account, "hosted-zone").finding.startswith("tierup:hostedZoneId: ")


def test_a_domain_that_is_delegated_elsewhere_fails(account: Account) -> None:
    account.dns.records["example.com.", "NS"] = ["ns1.registrar.example."]
    finding = one(account, "delegation")
    assert finding.status is FAIL
    assert "its name servers are ns1.registrar.example" in finding.finding
    assert "awsdns" in finding.command


def test_a_domain_without_name_servers_fails(account: Account) -> None:
    account.dns.records.clear()
    assert "its name servers are none" in one(account, "delegation").finding


@pytest.mark.parametrize(
    ("name", "values", "status"),
    [
        ("example.com.", ['0 issue "letsencrypt.org"'], FAIL),
        ("example.com.", ['0 issue ";"'], FAIL),
        ("example.com.", ['0 issue "letsencrypt.org"', '0 issue "amazon.com"'], PASS),
        ("example.com.", ['0 iodef "mailto:ops@example.com"'], PASS),
    ],
)
def test_caa_records_must_allow_amazon(account: Account, name: str, values: list[str], status: PreflightStatus) -> None:
    account.dns.records[name, "CAA"] = values
    finding = one(account, "caa")
    assert finding.status is status
    assert (finding.command == 'Add a record: example.com CAA 0 issue "amazon.com"') == (status is FAIL)


def test_the_nearest_caa_record_decides(account: Account) -> None:
    account.dns.records["example.com.", "CAA"] = ['0 issue "letsencrypt.org"']
    for host in ("app", "api"):
        account.dns.records[f"{host}.example.com.", "CAA"] = ['0 issue "amazontrust.com"']
    assert one(account, "caa").status is PASS


def test_a_record_that_exists_fails_with_the_import_command(account: Account) -> None:
    add_record(account, "app.example.com")
    finding = one(account, "records")
    assert finding.status is FAIL
    assert f"pulumi import aws:route53/record:Record NAME {account.zone_id}_app.example.com_CNAME" in finding.command


def test_records_of_an_existing_stack_are_its_own(account: Account) -> None:
    add_record(account, "app.example.com")
    tags = [{"Key": "Project", "Value": "shop"}, {"Key": "Stack", "Value": "prod"}]
    account.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])
    assert statuses(account.check("records")) == [PreflightStatus.SKIPPED]


def test_route_53_is_not_checked_if_the_zone_is_in_cloudflare(account: Account) -> None:
    account.configure(**CLOUDFLARE)
    account.client("route53").delete_hosted_zone(Id=account.zone_id)
    for check in ("hosted-zone", "delegation", "records"):
        assert statuses(account.check(check)) == [PreflightStatus.SKIPPED]


def test_an_alias_of_another_distribution_fails(account: Account) -> None:
    origin = {"Id": "o", "DomainName": "o.example.com", "CustomOriginConfig": {
        "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}  # fmt: skip
    account.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": "1",
            "Aliases": {"Quantity": 1, "Items": ["app.example.com"]},
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
            "Comment": "",
            "Enabled": True,
        }
    )
    finding = one(account, "aliases")
    assert finding.status is FAIL
    assert "has the alias app.example.com" in finding.finding


def test_a_record_in_a_hosted_zone_that_is_new_to_an_existing_stack_fails(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_record(account, "api.example.com")
    own = {"arn:aws:ecs:eu-west-1:123456789012:cluster/app"}

    def own_arns(_: PreflightContext) -> frozenset[str]:
        return frozenset(own)

    monkeypatch.setattr(PreflightContext, "_own_arns", own_arns)
    account.configure(**CLOUDFLARE, cdnStandby="cloudfront")
    assert "already has a record api.example.com" in one(account, "records").finding
    own.add("arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/1")
    assert one(account, "records").status is PreflightStatus.SKIPPED


def test_a_ds_record_is_reported_before_the_delegation_changes(account: Account) -> None:
    ds = "12345 13 2 " + "ab" * 32
    account.dns.records["example.com.", "DS"] = [ds]
    assert one(account, "dnssec").status is PreflightStatus.SKIPPED
    account.configure(cdnStandby="cloudflare", cloudflareZoneId=CLOUDFLARE["tierup:cloudflareZoneId"])
    finding = one(account, "dnssec")
    assert (finding.status, finding.finding[:36]) == (PreflightStatus.WARN, "example.com has a DS record of DNSSE")
    account.dns.records["example.com.", "DS"] = []
    assert one(account, "dnssec").status is PASS
