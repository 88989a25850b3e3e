"""The checks of AWS: each problem is found, with the command that corrects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.tierup.preflight.conftest import LARGE, REGION, Account, statuses
from tierup.preflight.check import PreflightFinding, PreflightStatus
from tierup.preflight.linked_roles import LINKED_ROLES

PASS, WARN, FAIL, UNKNOWN = (
    PreflightStatus.PASS,
    PreflightStatus.WARN,
    PreflightStatus.FAIL,
    PreflightStatus.UNKNOWN,
)
TAGS = [{"Key": "Project", "Value": "shop"}, {"Key": "Stack", "Value": "prod"}]


def one(account: Account, check: str) -> PreflightFinding:
    """Return the only finding of a check."""
    (finding,) = account.check(check)
    return finding


# --- account ---


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_rejected_credentials_fail(account: Account, code: str) -> None:
    account.aws.errors["GetCallerIdentity"] = [code]
    finding = one(account, "aws-credentials")
    assert finding.status is FAIL
    assert code in finding.finding
    assert "aws sso login" in finding.command


def test_the_root_user_is_a_warning(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def root_user(*_: object) -> _Fixed:
        return _Fixed("arn:aws:iam::123456789012:root")

    monkeypatch.setattr("tierup.preflight.aws_clients.AwsClients.client", root_user)
    assert one(account, "aws-credentials").status is WARN


class _Fixed:
    def __init__(self, arn: str) -> None:
        self._arn = arn

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012", "Arn": self._arn}


def test_an_account_that_is_not_allowed_fails(account: Account) -> None:
    account.configure(**{"aws:allowedAccountIds": ["111122223333"]})
    finding = one(account, "aws-account")
    assert finding.status is FAIL
    assert finding.finding.startswith("aws:allowedAccountIds: ")
    assert "123456789012" in finding.finding
    account.configure(**{"aws:allowedAccountIds": ["111122223333", "123456789012"]})
    assert one(account, "aws-account").status is PASS
    account.configure(**{"aws:allowedAccountIds": None, "aws:forbiddenAccountIds": ["123456789012"]})
    assert one(account, "aws-account").finding.startswith("aws:forbiddenAccountIds: ")


def test_a_region_that_is_not_enabled_fails(account: Account) -> None:
    regions = account.client("ec2").describe_regions(AllRegions=True)["Regions"]
    disabled = next(each["RegionName"] for each in regions if each["OptInStatus"] == "not-opted-in")
    account.configure(**{"aws:region": disabled})
    finding = one(account, "aws-regions")
    assert finding.status is FAIL
    assert finding.command == f"aws account enable-region --region-name {disabled}"


# --- quotas ---


def test_a_new_account_has_too_few_fargate_vcpus_for_large(account: Account) -> None:
    account.configure(**LARGE)
    account.aws.quotas["fargate"] = {"L-3032A538": 6, "L-36FBB829": 6}
    finding = one(account, "quotas")
    assert finding.status is FAIL
    # 40 tasks and 10 workers of 2 vCPUs, twice during a deployment
    assert finding.finding == (
        f"Fargate On-Demand vCPU resource count: the quota in {REGION} is 6, and the stack needs 200."
    )
    assert finding.command == (
        "aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 "
        f"--desired-value 200 --region {REGION}"
    )


def test_a_quota_between_the_first_deployment_and_the_largest_size_is_a_warning(account: Account) -> None:
    account.configure(**LARGE)
    account.aws.quotas["fargate"]["L-3032A538"] = 100
    finding = one(account, "quotas")
    assert finding.status is WARN
    assert "needs 48, and 200 at its largest" in finding.finding


def test_an_applied_value_overrides_the_default_and_both_are_read_in_pages(account: Account) -> None:
    account.aws.default_quotas["vpc"] = {
        "L-407747CB": 200,
        "L-589F43AA": 200,
        "L-0EA8095F": 60,
        "L-A4707A72": 5,
        "L-F678F1CE": 1,
    }
    account.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")
    assert [each.status for each in account.check("quotas")] == [FAIL]
    account.aws.quotas["vpc"] = {"L-407747CB": 200, "L-589F43AA": 200, "L-F678F1CE": 10}
    assert one(account, "quotas").status is PASS
    assert account.aws.calls["ListAWSDefaultServiceQuotas"] > 3


def _vpcs(account: Account) -> None:
    for number in range(4):  # moto's default VPC is the fifth
        account.client("ec2").create_vpc(CidrBlock=f"10.{number}.0.0/16")


def _addresses(account: Account) -> None:
    for _ in range(4):
        account.client("ec2").allocate_address(Domain="vpc")


def _gateways(account: Account) -> None:
    for _ in range(5):
        account.client("ec2").create_internet_gateway()


def _nat_gateways(account: Account) -> None:
    ec2 = account.client("ec2")
    subnet = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": [f"{REGION}a"]}])["Subnets"][0]
    for _ in range(5):
        ec2.create_nat_gateway(SubnetId=subnet["SubnetId"], ConnectivityType="private")


def _cache_policies(account: Account) -> None:
    account.aws.policies["cache-policy"] = [f"policy-{number}" for number in range(19)]


def _header_policies(account: Account) -> None:
    account.aws.policies["response-headers-policy"] = [f"policy-{number}" for number in range(19)]


def _log_policies(account: Account) -> None:
    for number in range(10):
        account.client("logs").put_resource_policy(policyName=f"policy-{number}", policyDocument="{}")


@pytest.mark.parametrize(
    ("add_wrong_resource", "title"),
    [
        (_vpcs, "VPCs per Region"),
        (_addresses, "EC2-VPC Elastic IPs"),
        (_gateways, "Internet gateways per Region"),
        (_nat_gateways, "NAT gateways per Availability Zone"),
        (_cache_policies, "Custom cache policies per AWS account"),
        (_header_policies, "Response headers policies per AWS account"),
        (_log_policies, "Resource policies of CloudWatch Logs per Region"),
    ],
)
def test_what_others_use_counts_against_the_default_quota(
    account: Account, add_wrong_resource: Callable[[Account], None], title: str
) -> None:
    account.configure(**LARGE)  # has NAT gateways with addresses
    add_wrong_resource(account)
    findings = [each for each in account.check("quotas") if each.finding.startswith(f"{title}: ")]
    assert statuses(findings) == [FAIL], account.check("quotas")
    assert "in use" in findings[0].finding


def test_the_stacks_own_resources_do_not_count_twice(account: Account) -> None:
    ec2 = account.client("ec2")
    for number in range(3):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": TAGS}])
    assert one(account, "quotas").status is PASS


def _run_tasks(
    account: Account, cluster: str, number: int, tags: Sequence[Mapping[str, str]] = (), **task: str
) -> None:
    """Create a cluster in which `number` tasks of 1 vCPU run."""
    ecs_tags = [{"key": each["Key"], "value": each["Value"]} for each in tags]
    arn = account.client("ecs").create_cluster(clusterName=cluster, tags=ecs_tags)["cluster"]["clusterArn"]
    account.aws.tasks[arn] = [
        {
            "taskArn": f"{arn.replace(':cluster/', ':task/')}/{index}",
            "clusterArn": arn,
            "launchType": "FARGATE",
            "cpu": "1024",
            **task,
        }
        for index in range(number)
    ]


def _fargate_findings(account: Account) -> list[str]:
    return [each.finding for each in account.check("quotas") if each.finding.startswith("Fargate ")]


def test_running_fargate_tasks_of_others_count_against_the_quota(account: Account) -> None:
    account.configure(**LARGE)  # needs 200 vCPUs
    _run_tasks(account, "first", 53)
    _run_tasks(account, "second", 3, capacityProviderName="FARGATE")
    assert _fargate_findings(account) == []
    _run_tasks(account, "third", 1, cpu="256")
    assert _fargate_findings(account) == [
        f"Fargate On-Demand vCPU resource count: the quota in {REGION} is 256. The stack needs 48 beside 56.25 in use, "
        "and 200 at its largest."
    ]


def test_tasks_of_a_cluster_are_described_by_the_hundred(account: Account) -> None:
    account.configure(**LARGE)
    _run_tasks(account, "others", 101)
    assert len(_fargate_findings(account)) == 1
    assert "beside 101 in use" in _fargate_findings(account)[0]


@pytest.mark.parametrize(
    "task", [{"capacityProviderName": "FARGATE_SPOT"}, {"launchType": "EC2"}, {"launchType": "EXTERNAL"}]
)
def test_tasks_on_spot_or_instances_do_not_count_against_the_on_demand_quota(
    account: Account, task: dict[str, str]
) -> None:
    account.configure(**LARGE)
    _run_tasks(account, "others", 100, (), **task)
    assert _fargate_findings(account) == []
    assert account.aws.calls["DescribeTasks"] > 0


def test_running_tasks_of_the_stack_itself_do_not_count(account: Account) -> None:
    account.configure(**LARGE)
    _run_tasks(account, "own", 100, TAGS)
    assert _fargate_findings(account) == []
    assert account.aws.calls["ListClusters"] > 0
    assert account.aws.calls["ListTasks"] == 0


def test_quotas_that_may_not_be_read_are_unknown_and_compared_with_the_defaults(account: Account) -> None:
    account.configure(**LARGE)
    for operation in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas"):
        account.aws.errors[operation] = ["AccessDeniedException"]
    findings = account.check("quotas")
    assert FAIL in statuses(findings)  # the default of a new account is 6
    unknowns = [each for each in findings if each.status is UNKNOWN]
    assert {each.command for each in unknowns} == {
        "Allow servicequotas:ListServiceQuotas and servicequotas:ListAWSDefaultServiceQuotas."
    }
    assert any("AccessDeniedException" in each.finding for each in unknowns)


# --- errors of AWS ---


def test_throttled_calls_are_repeated(account: Account) -> None:
    account.aws.errors["DescribeAvailabilityZones"] = ["Throttling", "Throttling", "", ""]
    assert one(account, "zones").status is PASS
    assert account.aws.calls["DescribeAvailabilityZones"] == 3


def test_a_call_that_is_throttled_every_time_is_unknown(account: Account) -> None:
    account.aws.errors["DescribeAvailabilityZones"] = ["Throttling"]
    finding = one(account, "zones")
    assert finding.status is UNKNOWN
    assert finding.finding == "AWS throttled DescribeAvailabilityZones in every attempt (got Throttling)."
    assert account.aws.calls["DescribeAvailabilityZones"] == 5


def test_a_denied_call_is_unknown_and_names_the_permission(account: Account) -> None:
    account.aws.errors["DescribeAvailabilityZones"] = ["UnauthorizedOperation"]
    finding = one(account, "zones")
    assert finding.status is UNKNOWN
    assert "UnauthorizedOperation" in finding.finding
    assert "DescribeAvailabilityZones" in finding.command


def test_an_unreachable_aws_is_unknown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    finding = one(account, "linked-roles")
    assert finding.status is UNKNOWN
    assert finding.finding.startswith("AWS could not be reached")


# --- zones ---


def test_a_zone_without_fargate_is_not_accepted(account: Account) -> None:
    account.aws.zones.update({"ap-northeast-1a": "apne1-az4", "ap-northeast-1b": "apne1-az3"})
    account.configure(**{"aws:region": "ap-northeast-1", "availabilityZones": ["ap-northeast-1a", "ap-northeast-1b"]})
    finding = one(account, "zones")
    assert finding.status is FAIL
    assert "Fargate does not run in ap-northeast-1b (apne1-az3)" in finding.finding


def test_a_zone_that_the_account_does_not_have_fails(account: Account) -> None:
    account.configure(availabilityZones=[f"{REGION}a", f"{REGION}f"])
    finding = one(account, "zones")
    assert finding.status is FAIL
    assert f"{REGION}f is not available" in finding.finding


def _subnet_in_zone_c(account: Account) -> None:
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_subnet(
        VpcId=vpc,
        CidrBlock="10.0.0.0/24",
        AvailabilityZone=f"{REGION}c",
        TagSpecifications=[{"ResourceType": "subnet", "Tags": TAGS}],
    )


def test_an_existing_stack_keeps_its_zones_as_in_the_program(account: Account) -> None:
    _subnet_in_zone_c(account)
    finding = one(account, "zones")
    assert (finding.status, finding.finding) == (
        PASS,
        f"The stack uses the zones {REGION}a (euw1-az3), {REGION}c (euw1-az2).",
    )


def test_an_excluded_zone_is_not_selected(account: Account) -> None:
    zones = account.client("ec2").describe_availability_zones()["AvailabilityZones"]
    ids = {each["ZoneName"]: each["ZoneId"] for each in zones}
    account.configure(excludedZoneIds=[ids[f"{REGION}a"]])
    finding = one(account, "zones")
    assert (finding.status, f"{REGION}a" in finding.finding) == (PASS, False)


def test_existing_subnets_in_a_zone_that_the_settings_do_not_name_fail(account: Account) -> None:
    _subnet_in_zone_c(account)
    account.configure(availabilityZones=[f"{REGION}a", f"{REGION}b"])
    finding = one(account, "zones")
    assert finding.status is FAIL
    assert f"The stack has subnets in {REGION}c" in finding.finding
    assert f"pulumi config set --path 'tierup:availabilityZones[0]' {REGION}c --stack prod" in finding.command


# --- roles, certificates, names, budget ---


def test_a_missing_service_linked_role_is_a_warning(account: Account) -> None:
    role, service = LINKED_ROLES["aws:ecs/"]
    account.client("iam").delete_role(RoleName=role)
    finding = one(account, "linked-roles")
    assert finding.status is WARN
    assert finding.command == f"aws iam create-service-linked-role --aws-service-name {service}"


def _certificate(region: str, *names: str) -> str:
    client = boto3.client("acm", region_name=region)
    arn = client.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")[
        "CertificateArn"
    ]
    return str(arn)


def test_a_certificate_that_is_not_issued_fails(account: Account) -> None:
    account.configure(certificateArn=_certificate(REGION, "api.example.com"))
    finding = one(account, "certificates")
    assert finding.status is FAIL
    assert finding.finding == "tierup:certificateArn: the certificate is not issued (its status is PENDING_VALIDATION)."


def test_a_certificate_of_another_region_fails(account: Account) -> None:
    account.configure(certificateArn=_certificate("eu-central-1", "api.example.com"))
    assert "is in eu-central-1, and the load balancer in eu-west-1" in one(account, "certificates").finding


def test_a_certificate_that_does_not_exist_fails(account: Account) -> None:
    arn = f"arn:aws:acm:{REGION}:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    account.configure(certificateArn=arn)
    assert "the account has no certificate" in one(account, "certificates").finding


def _imported_certificate(*names: str, days: int) -> str:
    """Import a self-signed certificate for the names, which ACM calls issued, and return its ARN."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    client = boto3.client("acm", region_name=REGION)
    return str(client.import_certificate(Certificate=made.public_bytes(pem), PrivateKey=private)["CertificateArn"])


@pytest.mark.parametrize(
    ("name", "days", "status", "part"),
    [
        ("api.example.com", 300, PASS, "is issued and valid for api.example.com"),
        ("api.example.org", 300, FAIL, "is not valid for api.example.com"),
        ("api.example.com", 10, WARN, "expires on"),
    ],
)
def test_a_certificate_must_be_valid_for_the_host_and_not_expire_soon(
    account: Account, name: str, days: int, status: PreflightStatus, part: str
) -> None:
    account.configure(certificateArn=_imported_certificate(name, days=days))
    finding = one(account, "certificates")
    assert (finding.status, part in finding.finding) == (status, True), finding.finding


def _repository(account: Account) -> None:
    account.client("ecr").create_repository(repositoryName="taken")


def _log_group(account: Account) -> None:
    account.client("logs").create_log_group(logGroupName="taken")


def _role(account: Account) -> None:
    account.client("iam").create_role(RoleName="taken", AssumeRolePolicyDocument="{}")


def _bucket(account: Account) -> None:
    account.client("s3", "us-east-1").create_bucket(Bucket="taken")


@pytest.mark.parametrize(
    ("resource", "name", "add_wrong_resource", "what"),
    [
        ("images-repository", "taken", _repository, "repository"),
        ("backend-logs", "taken", _log_group, "log group"),
        ("backend-task", "taken", _role, "role"),
        ("site-bucket", "taken", _bucket, "bucket"),
    ],
)
def test_a_fixed_name_that_is_taken_fails(
    account: Account, resource: str, name: str, add_wrong_resource: Callable[[Account], object], what: str
) -> None:
    key = "bucket" if what == "bucket" else "name"
    account.configure(resourceOverrides={resource: {key: name}})
    free = [each for each in account.check("names") if each.status is PASS]
    assert len(free) == 1
    add_wrong_resource(account)
    finding = one(account, "names")
    assert finding.status is FAIL
    assert f"the {what} taken exists in the account" in finding.finding
    assert "pulumi import aws:" in finding.command


def test_a_secret_that_is_scheduled_for_deletion_fails(account: Account) -> None:
    account.configure(resourceOverrides={"generated-jwt-secret": {"name": "jwt"}})
    client = account.client("secretsmanager")
    client.create_secret(Name="jwt", SecretString="x")
    client.delete_secret(SecretId="jwt", RecoveryWindowInDays=30)
    finding = one(account, "names")
    assert finding.status is FAIL
    assert "is scheduled for deletion" in finding.finding
    assert "aws secretsmanager restore-secret --secret-id jwt" in finding.command


def test_an_account_without_a_budget_is_a_warning_until_the_stack_creates_one(account: Account) -> None:
    account.client("budgets", "us-east-1").delete_budget(AccountId="123456789012", BudgetName="all")
    finding = one(account, "budget")
    assert finding.status is WARN
    assert finding.command.startswith("aws budgets create-budget --account-id 123456789012")
    account.configure(phase="optimization")
    assert one(account, "budget").status is PASS
