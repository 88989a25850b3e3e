"""Lambda: functions and permissions. The rows cover what a rotation function needs."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Rejection, Stage, located, rule
from .iam import ROLE, to_role
from .same_scope import known
from .sources import FORCE_NEW, api, created_only, sdk

FUNCTION = "aws:lambda/function:Function"
INVALID = "InvalidParameterValueException"
_CODE = ("code", "s3Bucket", "imageUri")


@rule("function-has-code", Stage.PLAN, source=sdk("lambda/function"))
def _code(call: Call) -> Iterator[Rejection]:
    given = [way for way in _CODE if call.inputs.get(way) is not None]
    if len(given) != 1:
        yield Rejection(
            "code", f"set exactly one of {', '.join(_CODE)} (got {' and '.join(given) or 'none'}).", INVALID
        )
    kind = known(call, "packageType", "Zip")
    wanted = () if kind == "Image" else ("handler", "runtime")
    for path in wanted:
        if path not in call.inputs:
            yield Rejection(path, "required for packageType Zip", INVALID)
    if (kind == "Image") != ("imageUri" in call.inputs):
        yield Rejection(
            "imageUri", f"packageType {kind} {'requires' if kind == 'Image' else 'does not support'} imageUri", INVALID
        )


@rule("lambda-can-assume-function-role", Stage.CREATE, Stage.UPDATE, source=api("lambda", "CreateFunction"))
def _role(call: Call) -> Iterator[Rejection]:
    role = next(call.cloud.find(ROLE, arn=call.get("role")), None)
    trust = str(role.inputs.get("assumeRolePolicy", "")) if role else ""
    if role is not None and "lambda.amazonaws.com" not in trust:
        yield Rejection(
            "role",
            f"Lambda cannot assume the role '{role.name}': its assumeRolePolicy does not name lambda.amazonaws.com",
            INVALID,
        )


@rule("permission-function-exists", Stage.CREATE, source=api("lambda", "AddPermission"))
def _function(call: Call) -> Iterator[Rejection]:
    value = str(call.get("function"))
    name = value.split(":function:")[-1].partition(":")[0]
    if next(call.nearby(FUNCTION, name=name), None) is None:
        yield Rejection("function", f"the function '{value}' does not exist", "ResourceNotFoundException")


@rule("permission-action", Stage.PLAN, source=api("lambda", "AddPermission"))
def _action(call: Call) -> Iterator[Rejection]:
    for at, action in located(call.inputs, "action"):
        if action is not UNKNOWN and not str(action).startswith("lambda:"):
            yield Rejection(
                at,
                f"invalid action (got '{action}'). Allowed are actions such as 'lambda:InvokeFunction'.",
                "ValidationException",
            )


def _statement(call: Call) -> str:
    return call.inputs.get("statementId") or f"{call.inputs.get('statementIdPrefix', 'terraform-')}{call.hex(26)}"


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=FUNCTION,
        source=sdk("lambda/function"),
        id=lambda call: call.inputs["name"],
        outputs={
            "arn": "arn:aws:lambda:{region}:{account}:function:{id}",
            "architectures": ("x86_64",),
            "codeSha256": "{hex43}=",
            "ephemeralStorage": {"size": 512},
            "invokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
            "lastModified": "2026-11-24T00:00:00.000+0000",
            "loggingConfig": lambda call: {"logFormat": "Text", "logGroup": f"/aws/lambda/{call.id}"},
            "memorySize": 128,
            "packageType": "Zip",
            "publish": False,
            "qualifiedArn": "{arn}:$LATEST",
            "qualifiedInvokeArn": (
                "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}:$LATEST/invocations"
            ),
            "reservedConcurrentExecutions": -1,
            "responseStreamingInvokeArn": (
                "arn:aws:apigateway:{region}:lambda:path/2021-11-15/functions/{arn}/response-streaming-invocations"
            ),
            "signingJobArn": "",
            "signingProfileVersionArn": "",
            "skipDestroy": False,
            "sourceCodeHash": "",
            "sourceCodeSize": 1_024,
            "timeout": 3,
            "tracingConfig": {"mode": "PassThrough"},
            "version": "$LATEST",
        },
        replaces=frozenset({"name", "packageType"}),
        replace_source=created_only("AWS::Lambda::Function"),
        enums={"packageType": ("Zip", "Image"), "architectures[*]": ("x86_64", "arm64")},
        ranges={"memorySize": (128, 32_768), "timeout": (1, 900)},
        name=Name(
            longest=64,
            pattern=r"[a-zA-Z0-9-_]+",
            allowed="letters, digits, '-' and '_'",
            taken="ResourceConflictException",
            source=sdk("lambda/function"),
        ),
        references=(to_role("role", code=INVALID, source=api("lambda", "CreateFunction")),),
        rules=(_code, _role),
    ),
    Behaviour(
        type="aws:lambda/permission:Permission",
        source=sdk("lambda/permission"),
        id=lambda call: f"{call.inputs['function']}/{_statement(call)}",
        outputs={"statementId": lambda call: call.id.rpartition("/")[2], "statementIdPrefix": ""},
        replaces=frozenset(
            {
                "action",
                "eventSourceToken",
                "function",
                "functionUrlAuthType",
                "invokedViaFunctionUrl",
                "principal",
                "principalOrgId",
                "qualifier",
                "sourceAccount",
                "sourceArn",
                "statementId",
                "statementIdPrefix",
            }
        ),
        replace_source=FORCE_NEW,
        enums={"functionUrlAuthType": ("AWS_IAM", "NONE")},
        rules=(_function, _action),
    ),
)
