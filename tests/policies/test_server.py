"""The pack in a separate process, called over gRPC as the engine calls it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from policies.registry import RULES
from policies.report import Report
from policies.rule import Outcome, ProjectRule
from tests.policies.evaluation import ABSENT, UNKNOWN, urn

PACK = Path("policies").resolve()
LISTENER = "aws:lb/listener:Listener"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
FORWARDS = {"port": 80, "protocol": "HTTP", "defaultActions": [{"type": "forward"}]}
IN_A_MONTH = datetime.now(UTC).date() + timedelta(days=30)


class Pack:
    """A client of a running pack."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub: Any = analyzer_pb2_grpc.AnalyzerStub(channel)

    def info(self) -> Any:
        from google.protobuf.empty_pb2 import Empty

        return self._stub.GetAnalyzerInfo(Empty())

    def configure(self, levels: Mapping[str, analyzer_pb2.EnforcementLevel.ValueType]) -> None:
        config = {name: analyzer_pb2.PolicyConfig(enforcementLevel=level) for name, level in levels.items()}
        self._stub.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config))

    def configure_stack(self, config: Mapping[str, str], *, preview: bool = False) -> None:
        self._stub.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev", project="shop", dry_run=preview, config=config)
        )

    def remediate(self, type_: str, name: str, properties: Mapping[str, Any]) -> Any:
        return self._stub.Remediate(
            analyzer_pb2.AnalyzeRequest(type=type_, name=name, urn=urn(type_, name), properties=_struct(properties))
        )

    def analyze(self, type_: str, name: str, properties: Mapping[str, Any]) -> Any:
        return self.analyze_request(
            analyzer_pb2.AnalyzeRequest(type=type_, name=name, urn=urn(type_, name), properties=_struct(properties))
        )

    def analyze_request(self, request: analyzer_pb2.AnalyzeRequest) -> Any:
        return self._stub.Analyze(request)

    def analyze_stack_request(self, *resources: analyzer_pb2.AnalyzerResource) -> Any:
        return self._stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=resources))

    def analyze_stack(self, *resources: tuple[str, str, Mapping[str, Any]]) -> Any:
        return self.analyze_stack_request(
            *(
                analyzer_pb2.AnalyzerResource(type=t, name=n, urn=urn(t, n), properties=_struct(p))
                for t, n, p in resources
            )
        )


@contextmanager
def running(folder: Path, project: Path | None = None) -> Generator[Pack]:
    """Start the pack of a folder, for the project in another folder or for none."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(folder)],
        cwd=project or folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            yield Pack(channel)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    with running(PACK) as started:
        yield started


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Copy the pack to a folder of another name, without the rest of the project, as in a wheel."""
    return shutil.copytree(PACK, tmp_path / "copied_pack", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Create a Pulumi project without a pack."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    return folder


def write_exception(project: Path, **change: object) -> None:
    entry = {
        "rule": "ALB-001",
        "resource": f"{LISTENER}::http",
        "reason": "The old agents speak no TLS until March.",
        "expires": IN_A_MONTH,
        "owner": "platform@example.com",
        **change,
    }
    entry = {key: value for key, value in entry.items() if value is not ABSENT}
    (project / "policies").mkdir()
    listed = project / "policies" / "exceptions.yaml"
    listed.write_text(yaml.safe_dump({"exceptions": [entry]}), encoding="utf-8")


def diagnostics_of(answer: Any, policy: str) -> list[Any]:
    return [diagnostic for diagnostic in answer.diagnostics if diagnostic.policyName == policy]


def test_the_info_lists_every_rule_with_its_level(pack: Pack) -> None:
    levels = {policy.name: policy.enforcementLevel for policy in pack.info().policies}
    assert levels == {
        **{rule.name: analyzer_pb2.EnforcementLevel.Value(rule.level.name) for rule in RULES},
        "exceptions-accounted-for": analyzer_pb2.MANDATORY,
        "exceptions-in-force": analyzer_pb2.ADVISORY,
    }


def test_a_policy_has_the_metadata_of_its_rule(pack: Pack) -> None:
    policies = {policy.name: policy for policy in pack.info().policies}
    for rule in RULES:
        policy = policies[rule.name]
        assert policy.description == rule.title
        assert rule.example in policy.remediation_steps
        assert policy.url == rule.source
        assert policy.tags[0] == rule.item.value
        assert policy.severity == analyzer_pb2.PolicySeverity.Value(f"POLICY_SEVERITY_{rule.severity.name}")
    assert policies["load-balancer-tls-version"].configSchema.properties["minimumTls"]["default"] == "1.2"


def test_a_diagnostic_names_rule_resource_path_value_found_and_value_wanted(pack: Pack) -> None:
    (diagnostic,) = diagnostics_of(pack.analyze(LISTENER, "http", FORWARDS), "load-balancer-https-only")
    assert diagnostic.policyName == "load-balancer-https-only"
    assert diagnostic.enforcementLevel == analyzer_pb2.MANDATORY
    assert diagnostic.urn == urn(LISTENER, "http")
    for part in ("ALB-001", LISTENER, " http:", 'defaultActions[0].type is "forward"', 'wanted: "redirect" to HTTPS'):
        assert part in diagnostic.message


def test_unknown_values_are_reported_once_at_the_end_as_advisory(elsewhere: Path) -> None:
    names = [f"api{number}" for number in range(7)]
    unknown = {"containerDefinitions": UNKNOWN}
    with running(elsewhere) as pack:
        assert not any(diagnostics_of(pack.analyze(TASK, name, unknown), "task-secrets-by-arn") for name in names)
        answer = pack.analyze_stack(*((TASK, name, unknown) for name in names))
    (diagnostic,) = diagnostics_of(answer, "task-secrets-by-arn")
    assert diagnostic.enforcementLevel == analyzer_pb2.ADVISORY
    expected = f"ECS-001 could not be evaluated on {TASK} api0: containerDefinitions is not known before `up`"
    assert expected in diagnostic.message
    assert diagnostic.message.endswith("; and 2 more")


def test_a_marked_secret_is_evaluated_but_never_shown(pack: Pack) -> None:
    canary = "canary-51d2e8"
    definitions = '[{"name": "api", "environment": [{"name": "JWT_SECRET", "value": "%s"}]}]' % canary  # noqa: UP031 - JSON's braces
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": definitions}
    answer = pack.analyze(TASK, "api", {"containerDefinitions": secret})
    assert len(diagnostics_of(answer, "task-secrets-by-arn")) == 1
    assert canary not in str(answer)


def test_a_resource_of_a_type_without_rules_gets_an_empty_answer(pack: Pack) -> None:
    answer = pack.analyze("aws:iot/thing:Thing", "lamp", {"name": UNKNOWN})
    assert not answer.diagnostics
    assert not answer.not_applicable


def test_files_are_evaluated_with_the_levels_of_the_policy_config(elsewhere: Path, shop: Path) -> None:
    (shop / "Dockerfile").write_text("FROM node:24\n", encoding="utf-8")
    with running(elsewhere, shop) as pack:
        pack.configure_stack({})
        (from_stack,) = diagnostics_of(pack.analyze_stack(), "dockerfile")
        pack.configure({"dockerfile": analyzer_pb2.MANDATORY})
        (from_file,) = diagnostics_of(pack.analyze_stack(), "dockerfile")
    assert (from_stack.enforcementLevel, from_file.enforcementLevel) == (analyzer_pb2.ADVISORY, analyzer_pb2.MANDATORY)
    assert from_stack.message == from_file.message


def test_not_applicable_has_a_reason(pack: Pack) -> None:
    answer = pack.analyze(LISTENER, "http", FORWARDS)
    (reason,) = [each.reason for each in answer.not_applicable if each.policy_name == "load-balancer-tls-version"]
    assert reason == "the listener does not terminate TLS"


def test_a_stack_rules_diagnostic_has_the_urn_of_the_resource(pack: Pack) -> None:
    (diagnostic,) = diagnostics_of(pack.analyze_stack(("aws:s3/bucket:Bucket", "uploads", {})), "bucket-public-access")
    assert diagnostic.urn == urn("aws:s3/bucket:Bucket", "uploads")
    assert "S3-001" in diagnostic.message


def test_a_stack_rule_reports_every_resource_that_it_could_not_evaluate(pack: Pack) -> None:
    balancer = "aws:lb/loadBalancer:LoadBalancer"
    answer = pack.analyze_stack((balancer, "one", {"internal": UNKNOWN}), (balancer, "two", {"internal": UNKNOWN}))
    (diagnostic,) = diagnostics_of(answer, "load-balancer-rate-limit")
    assert diagnostic.enforcementLevel == analyzer_pb2.ADVISORY
    assert f"{balancer} one" in diagnostic.message
    assert f"{balancer} two" in diagnostic.message


def test_a_stack_rule_reads_inputs_where_outputs_are_unknown(elsewhere: Path) -> None:
    balancer = "aws:lb/loadBalancer:LoadBalancer"
    with running(elsewhere) as pack:
        pack.analyze(balancer, "web", {})
        (diagnostic,) = diagnostics_of(
            pack.analyze_stack((balancer, "web", {"internal": UNKNOWN})), "load-balancer-rate-limit"
        )
    assert diagnostic.enforcementLevel == analyzer_pb2.MANDATORY
    assert "WAF-001" in diagnostic.message


def test_the_policy_config_sets_the_level(elsewhere: Path) -> None:
    with running(elsewhere) as pack:
        pack.configure({"load-balancer-https-only": analyzer_pb2.ADVISORY})
        (diagnostic,) = diagnostics_of(pack.analyze(LISTENER, "http", FORWARDS), "load-balancer-https-only")
    assert diagnostic.enforcementLevel == analyzer_pb2.ADVISORY


def test_the_stacks_configuration_sets_levels_and_parameters(elsewhere: Path) -> None:
    tls_1_2 = {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
    with running(elsewhere) as pack:
        pack.configure_stack(
            {
                "policies:level": "advisory",
                "policies:rules": '{"ALB-002": "mandatory"}',
                "policies:parameters": '{"minimumTls": "1.3"}',
                "shop:minimumTls": "1.2",
            }
        )
        policies = {policy.name: policy for policy in pack.info().policies}
        (http,) = diagnostics_of(pack.analyze(LISTENER, "http", FORWARDS), "load-balancer-https-only")
        (https,) = diagnostics_of(pack.analyze(LISTENER, "https", tls_1_2), "load-balancer-tls-version")
    assert http.enforcementLevel == policies["load-balancer-https-only"].enforcementLevel == analyzer_pb2.ADVISORY
    assert https.enforcementLevel == policies["load-balancer-tls-version"].enforcementLevel == analyzer_pb2.MANDATORY
    assert policies["load-balancer-tls-version"].configSchema.properties["minimumTls"]["default"] == "1.3"


WEAK = {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS-1-0-2015-04"}
CERTIFICATE = {"acmCertificateArn": "arn:x", "sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1"}


@pytest.mark.parametrize(
    ("rule", "type_", "given", "corrected"),
    [
        ("ALB-002", LISTENER, WEAK, {**WEAK, "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"}),
        (
            "CDN-002",
            "aws:cloudfront/distribution:Distribution",
            {"viewerCertificate": CERTIFICATE},
            {"viewerCertificate": {**CERTIFICATE, "minimumProtocolVersion": "TLSv1.2_2021"}},
        ),
        (
            "ATL-006",
            "mongodbatlas:index/advancedCluster:AdvancedCluster",
            {"advancedConfiguration": {"minimumEnabledTlsProtocol": "TLS1_1", "oplogSizeMb": 1000.0}},
            {"advancedConfiguration": {"minimumEnabledTlsProtocol": "TLS1_2", "oplogSizeMb": 1000.0}},
        ),
        ("LOG-001", "aws:cloudwatch/logGroup:LogGroup", {"name": "web"}, {"name": "web", "retentionInDays": 30.0}),
    ],
)
def test_level_remediate_corrects_what_a_rule_has_a_remedy_for(
    elsewhere: Path, rule: str, type_: str, given: Mapping[str, Any], corrected: Mapping[str, Any]
) -> None:
    with running(elsewhere) as pack:
        assert not pack.remediate(type_, "it", given).remediations, "remediation is off by default"
        pack.configure_stack({"policies:rules": json.dumps({rule: "remediate"})})
        (remediation,) = pack.remediate(type_, "it", given).remediations
        properties = json_format.MessageToDict(remediation.properties)
        again = pack.remediate(type_, "it", properties).remediations
    assert properties == corrected
    assert remediation.description.startswith(f"{rule}: ")
    assert not again


def test_remediation_skips_unknown_values_and_keeps_secrets_secret(elsewhere: Path) -> None:
    unknown = {"viewerCertificate": {**CERTIFICATE, "acmCertificateArn": UNKNOWN}}
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "web"}
    with running(elsewhere) as pack:
        pack.configure_stack({"policies:level": "remediate"})
        assert not pack.remediate("aws:cloudfront/distribution:Distribution", "it", unknown).remediations
        answer = pack.remediate("aws:cloudwatch/logGroup:LogGroup", "it", {"name": secret})
    (remediation,) = (each for each in answer.remediations if each.policyName == "log-retention")
    assert json_format.MessageToDict(remediation.properties)["name"] == secret, "a secret stays one"


def test_invalid_stack_settings_stop_the_pack_with_an_error_message(elsewhere: Path) -> None:
    message = r"policies:level: not an enforcement level \(got 'strict'\)"
    with running(elsewhere) as pack, pytest.raises(grpc.RpcError, match=message):
        pack.configure_stack({"policies:level": "strict"})


def test_the_report_is_written_after_the_stack_was_evaluated(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.json"
    monkeypatch.setenv("TIERUP_POLICY_REPORT", str(file))
    with running(elsewhere) as pack:
        pack.configure_stack({}, preview=True)
        pack.analyze(LISTENER, "deleted", FORWARDS)
        pack.analyze(LISTENER, "http", FORWARDS)
        assert not file.exists()
        pack.analyze_stack((LISTENER, "http", FORWARDS))
    report = Report.from_json(json.loads(file.read_text()))
    assert (report.project, report.stack, report.basis) == ("shop", "dev", "preview")
    assert {each.rule for each in report.results} == {*(rule.id for rule in RULES), "EXC-001"} - {
        rule.id for rule in RULES if isinstance(rule, ProjectRule)
    } | {each.rule for each in report.results if each.reason == "no resource to evaluate"}
    (failed,) = [each for each in report.results if each.rule == "ALB-001" and each.outcome is Outcome.FAIL]
    assert (failed.name, failed.findings[0].found) == ("http", '"forward"')


def test_an_exception_suppresses_the_violation_and_is_listed(elsewhere: Path, shop: Path) -> None:
    write_exception(shop)
    with running(elsewhere, shop) as pack:
        assert not diagnostics_of(pack.analyze(LISTENER, "http", FORWARDS), "load-balancer-https-only")
        assert len(diagnostics_of(pack.analyze(LISTENER, "another", FORWARDS), "load-balancer-https-only")) == 1
        answer = pack.analyze_stack((LISTENER, "http", FORWARDS))
    assert not diagnostics_of(answer, "exceptions-accounted-for")
    (listed,) = diagnostics_of(answer, "exceptions-in-force")
    assert "The old agents" in listed.message
    assert f"until {IN_A_MONTH}, platform@example.com" in listed.message


def test_an_exception_on_a_file_suppresses_the_violation_and_is_listed(elsewhere: Path, shop: Path) -> None:
    (shop / "Dockerfile").write_text("FROM node:24\n", encoding="utf-8")
    write_exception(shop, rule="DEL-008", resource=ABSENT, file="Dockerfile")
    with running(elsewhere, shop) as pack:
        pack.configure_stack({})
        answer = pack.analyze_stack()
    assert not diagnostics_of(answer, "dockerfile")
    assert not diagnostics_of(answer, "exceptions-accounted-for")
    (listed,) = diagnostics_of(answer, "exceptions-in-force")
    assert "DEL-008 on Dockerfile" in listed.message


def test_exceptions_beside_the_pack_do_not_apply_to_another_project(elsewhere: Path, shop: Path) -> None:
    """A checkout's exceptions are next to its rules, and must not apply to another project."""
    write_exception(shop)
    shutil.move(shop / "policies" / "exceptions.yaml", elsewhere / "exceptions.yaml")
    with running(elsewhere, shop) as pack:
        assert len(diagnostics_of(pack.analyze(LISTENER, "http", FORWARDS), "load-balancer-https-only")) == 1
        answer = pack.analyze_stack((LISTENER, "http", FORWARDS))
    assert not diagnostics_of(answer, "exceptions-accounted-for")
    assert not diagnostics_of(answer, "exceptions-in-force")


def test_an_unused_exception_is_reported_as_mandatory(elsewhere: Path, shop: Path) -> None:
    write_exception(shop)
    with running(elsewhere, shop) as pack:
        redirects = {**FORWARDS, "defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]}
        pack.analyze(LISTENER, "http", redirects)
        (diagnostic,) = diagnostics_of(pack.analyze_stack((LISTENER, "http", redirects)), "exceptions-accounted-for")
    assert "unused: ALB-001" in diagnostic.message
    assert diagnostic.enforcementLevel == analyzer_pb2.MANDATORY


def test_an_exception_on_an_unknown_value_is_neither_used_nor_unused(elsewhere: Path, shop: Path) -> None:
    write_exception(shop)
    unknown = {**FORWARDS, "defaultActions": UNKNOWN}
    with running(elsewhere, shop) as pack:
        assert not diagnostics_of(pack.analyze(LISTENER, "http", unknown), "load-balancer-https-only")
        answer = pack.analyze_stack((LISTENER, "http", unknown))
    assert not diagnostics_of(answer, "exceptions-accounted-for")
    assert not diagnostics_of(answer, "exceptions-in-force")


def test_an_expired_exception_covers_nothing_and_is_reported(elsewhere: Path, shop: Path) -> None:
    write_exception(shop, expires=datetime.now(UTC).date() - timedelta(days=2))
    with running(elsewhere, shop) as pack:
        assert len(diagnostics_of(pack.analyze(LISTENER, "http", FORWARDS), "load-balancer-https-only")) == 1
        (diagnostic,) = diagnostics_of(pack.analyze_stack((LISTENER, "http", FORWARDS)), "exceptions-accounted-for")
    assert "expired: ALB-001" in diagnostic.message


def test_an_exception_from_a_stack_rule_counts_as_used_in_the_same_run(elsewhere: Path, shop: Path) -> None:
    write_exception(shop, rule="S3-001", resource="aws:s3/bucket:Bucket::uploads")
    with running(elsewhere, shop) as pack:
        answer = pack.analyze_stack(("aws:s3/bucket:Bucket", "uploads", {}))
    assert not diagnostics_of(answer, "bucket-public-access")
    assert not diagnostics_of(answer, "exceptions-accounted-for")
    assert len(diagnostics_of(answer, "exceptions-in-force")) == 1


def test_an_invalid_exceptions_file_stops_the_pack_with_an_error_message(elsewhere: Path, shop: Path) -> None:
    write_exception(shop, owner="")
    answer = subprocess.run(
        [sys.executable, "-m", "pulumi.policy", "127.0.0.1:0", str(elsewhere)],
        cwd=shop,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "policy pack tierup: " in answer.stderr
    assert "exception 1: `owner`: not a text (got '')" in answer.stderr
    assert "Traceback" not in answer.stderr


def _struct(properties: Mapping[str, Any]) -> Struct:
    struct = Struct()
    struct.update(dict(properties))
    return struct
