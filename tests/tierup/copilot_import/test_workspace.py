"""A whole workspace: roles of its services, overrides of environments, and files with mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tierup.copilot_import.conversion.schedules import aws_schedule
from tierup.copilot_import.draft import Options
from tierup.copilot_import.manifest import Node, WorkspaceError, for_environment, interpolated, load, read
from tierup.copilot_import.planning import import_workspace
from tierup.copilot_import.report import ImportedStack, Outcome, merged
from tierup.program_settings import Phase, RejectedSettingsError

WORKSPACE = Path(__file__).parent / "workspace"
ORDERS = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:v3"


def stack(name: str, options: Options | None = None) -> ImportedStack:
    (found,) = import_workspace(load(WORKSPACE), options or Options(), [name])
    return found


def types(imported: ImportedStack) -> dict[str, str]:
    """Return the setting of each workload, by the name of its folder."""
    return {
        finding.file.split("/")[1]: finding.setting
        for finding in imported.findings
        if finding.field.startswith("type:")
    }


def test_each_type_of_workload_becomes_its_part_of_the_stack() -> None:
    assert types(stack("prod")) == {
        "frontend": "tierup:backend",
        "orders": "tierup:services.orders",
        "jobs": "tierup:worker",
        "report": "tierup:scheduledTasks.report",
        "site": "",
        "warehouse": "",
    }


def test_a_backend_service_becomes_public_only_with_expose() -> None:
    image = {"warehouse": "shop/warehouse:v1"}
    assert types(stack("prod", Options(images=image)))["warehouse"] == ""
    exposed = stack("prod", Options(images=image, exposed=["warehouse"]))
    assert types(exposed)["warehouse"] == "tierup:services.warehouse"
    services = exposed.config["tierup:services"]
    assert services["warehouse"]["paths"] == ["/warehouse", "/warehouse/*"]
    assert [services[name]["priority"] for name in ("orders", "warehouse")] == [100, 110]


def test_api_chooses_the_service_of_the_stack() -> None:
    chosen = stack("test", Options(api="orders", images={"frontend": "shop/frontend:v1"}))
    assert types(chosen)["orders"] == "tierup:backend"
    assert chosen.config["tierup:image"] == ORDERS
    assert chosen.config["tierup:services"]["frontend"]["image"] == "shop/frontend:v1"
    assert chosen.config["tierup:services"]["frontend"]["paths"] == ["/*"]


def test_the_phase_is_the_first_that_has_what_the_workspace_uses() -> None:
    assert stack("prod").config["tierup:phase"] == "enterprise"
    at_scale = stack("prod", Options(phase=Phase.SCALE))
    assert at_scale.config["tierup:phase"] == "scale"
    assert types(at_scale)["orders"] == ""
    assert "tierup:services" not in at_scale.config


def test_environments_override_the_fields_of_a_service() -> None:
    test, prod = stack("test"), stack("prod")
    levels = [each.config["tierup:backend"]["environment"]["LOG_LEVEL"] for each in (test, prod)]
    assert levels == ["debug", "info"]
    assert [each.config["tierup:sizeOverrides"]["tasks"] for each in (test, prod)] == [1, 2]
    assert [each.config.get("tierup:image") for each in (test, prod)] == [
        None,
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/frontend:v1.2.3",
    ]
    assert [each.config["tierup:domain"] for each in (test, prod)] == ["test.shop.example", "shop.example"]


def test_a_finding_names_file_and_line() -> None:
    findings = {str(each).partition(":")[0]: each for each in stack("prod").findings if each.field == "http.stickiness"}
    (found,) = findings.values()
    lines = (WORKSPACE / found.file).read_text().splitlines()
    assert lines[found.line - 1].strip() == "stickiness: true"


def test_addons_pipelines_and_overrides_are_reported() -> None:
    outcomes = {each.field: each.outcome for each in stack("prod").findings if "/frontend/manifest" not in each.file}
    expected = ("Resources.Uploads", "Resources.Orders", "overrides", "source", "stages")
    assert {field: outcomes[field] for field in expected} == dict.fromkeys(expected, Outcome.UNMAPPED)


def test_every_field_of_a_converted_manifest_is_in_the_report() -> None:
    manifest = for_environment(read(WORKSPACE / "copilot/frontend/manifest.yml", WORKSPACE), "prod")
    reported = {each.line for each in stack("prod").findings if each.file == "copilot/frontend/manifest.yml"}

    def leaves(node: Node) -> list[int]:
        children = [*node.fields.values(), *(item for item in node.items if item.is_mapping)]
        return [line for child in children for line in leaves(child)] if children else [node.line]

    # The fields of a volume and of a topic are reported once, and so are the path and the value of a rule.
    nested = ("path: /files", "efs: true", "value:", "- path: Container", "name: orders", "min: ")
    text = (WORKSPACE / "copilot/frontend/manifest.yml").read_text().splitlines()
    missing = [text[line - 1].strip() for line in leaves(manifest) if line not in reported]
    assert [line for line in missing if not line.startswith(nested)] == []


def test_the_same_finding_of_two_environments_is_listed_once() -> None:
    stacks = import_workspace(load(WORKSPACE), Options())
    names = {finding.field: names for finding, names in merged(stacks) if finding.file.endswith("report/manifest.yml")}
    assert names["on.schedule"] == ["prod", "test"]


def test_required_settings_that_the_workspace_lacks_are_placeholders() -> None:
    placeholders = [each.setting for each in stack("prod").placeholders]
    assert placeholders == ["tierup:alertEmail", "tierup:atlasOrgId"]
    given = stack("prod", Options(alert_email="ops@shop.example", atlas_org_id="1" * 24))
    assert given.placeholders == []
    assert given.config["tierup:alertEmail"] == "ops@shop.example"


def test_more_tasks_than_the_database_has_connections_for_get_a_smaller_pool(tmp_path: Path) -> None:
    folder = tmp_path / "copilot" / "api"
    folder.mkdir(parents=True)
    image = "image: {location: shop/api:v1, port: 80}"
    (folder / "manifest.yml").write_text(f"name: api\ntype: Load Balanced Web Service\n{image}\ncount: 100\n")
    (imported,) = import_workspace(load(tmp_path), Options(), ["prod"])
    assert imported.config["tierup:sizeOverrides"]["databaseMaxPoolSize"] < 50


def test_settings_that_the_program_rejects_are_an_error() -> None:
    with pytest.raises(RejectedSettingsError, match="tierup:atlasOrgId"):
        stack("prod", Options(atlas_org_id="not-an-id"))


def test_copilots_own_variables_are_replaced_and_others_are_kept() -> None:
    node = Node(value="${COPILOT_APPLICATION_NAME}-${COPILOT_ENVIRONMENT_NAME}-${OTHER}-\\${KEPT}", file="f", line=1)
    assert interpolated(node, application="shop", environment="prod").value == "shop-prod-${OTHER}-${KEPT}"


def test_an_override_of_the_image_replaces_the_build(tmp_path: Path) -> None:
    (tmp_path / "m.yml").write_text(
        "image: {build: Dockerfile, port: 80}\nenvironments: {prod: {image: {location: shop/api:v1}}}\n"
    )
    merged_manifest = for_environment(read(tmp_path / "m.yml", tmp_path), "prod")
    assert merged_manifest.plain() == {"image": {"port": 80, "location": "shop/api:v1"}}


# The expected values follow from toAWSCron and toRate in scheduled_job.go of Copilot, except
# @weekly and @yearly, whose documentation states midnight on Sunday and on January 1st.
@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("@hourly", "cron(0 * * * ? *)"),
        ("@daily", "cron(0 0 * * ? *)"),
        ("@weekly", "cron(0 0 ? * 1 *)"),
        ("@monthly", "cron(0 0 1 * ? *)"),
        ("@yearly", "cron(0 0 1 1 ? *)"),
        ("@every 1m", "rate(1 minute)"),
        ("@every 1h30m", "rate(90 minutes)"),
        ("0 9 * * 1-5", "cron(0 9 ? * 2-6 *)"),
        ("0 9 * * 0", "cron(0 9 ? * 1 *)"),
        ("0 9 * * 7", "cron(0 9 ? * 1 *)"),
        ("0 9 * * MON", "cron(0 9 ? * MON *)"),
        ("* * * * *", "cron(* * * * ? *)"),
        ("0 9 1 * *", "cron(0 9 1 * ? *)"),
        ("cron(0 9 ? * 2-6 *)", "cron(0 9 ? * 2-6 *)"),
        ("rate(5 minutes)", "rate(5 minutes)"),
    ],
)
def test_a_schedule_becomes_an_expression_of_eventbridge_scheduler(schedule: str, expected: str) -> None:
    assert aws_schedule(schedule) == expected


@pytest.mark.parametrize("schedule", ["@every 90s", "0 9 1 * 1", "soon", "@fortnightly", "rate(0 minutes)"])
def test_a_schedule_that_aws_does_not_support_is_an_error(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|cron|AWS|duration"):
        aws_schedule(schedule)


def test_a_folder_without_a_workspace_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="DIR: not a Copilot workspace"):
        load(tmp_path)
    (tmp_path / "copilot").mkdir()
    with pytest.raises(WorkspaceError, match="DIR: no manifest of a service or job"):
        load(tmp_path)


def test_invalid_yaml_is_an_error_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "copilot" / "api"
    folder.mkdir(parents=True)
    (folder / "manifest.yml").write_text("name: api\nimage: [\n")
    with pytest.raises(WorkspaceError, match=r"copilot/api/manifest\.yml:3: not valid YAML"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("environments", "options", "message"),
    [
        (["staging"], Options(), "--stack: not an environment of the workspace \\(got staging\\)"),
        (["prod"], Options(api="missing"), "--api: the workspace has no such service or job \\(got missing\\)"),
        (["prod"], Options(images={"missing": "a:1"}), "--image: the workspace has no such"),
    ],
)
def test_a_name_that_the_workspace_does_not_have_is_an_error(
    environments: list[str], options: Options, message: str
) -> None:
    with pytest.raises(WorkspaceError, match=message):
        import_workspace(load(WORKSPACE), options, environments)


def test_the_copilot_folder_itself_is_a_workspace() -> None:
    assert load(WORKSPACE / "copilot").application == "shop"
