"""Lambda: functions and permissions. The rows cover what a rotation function needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Plain, Rejection, Stage, assumed, documented, located, rule
from ..cloud import CloudResource
from .access.needs import Need, denied_needs, is_known_role, untrusted_service
from .iam import to_role
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


_RESERVED = frozenset(
    {
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    }
)  # fmt: skip
_LONGEST_ENVIRONMENT = 4_096
_ENVIRONMENT = documented(
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (reserved variables, and 4 KB in total);"
    " AWS_DEFAULT_REGION in an error that a public repository quotes",
    read="2026-11-28",
)


@rule("function-environment", Stage.CREATE, Stage.UPDATE, source=_ENVIRONMENT)
def _environment(call: Call) -> Iterator[Rejection]:
    variables = call.get("environment.variables") or {}
    for name in sorted(_RESERVED & set(variables)):
        yield Rejection(
            f"environment.variables.{name}",
            "Lambda was unable to configure your environment variables because the environment variables you have"
            f" provided contains reserved keys that are currently not supported for modification. Reserved keys used in"
            f" this request: {name}",
            INVALID,
        )
    for name in sorted(variables):
        if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]+", name):
            yield Rejection(
                "environment.variables",
                f"invalid variable name (got '{name}'). Allowed are letters, digits and '_', starting with a letter,"
                " at least two characters.",
                INVALID,
            )
    size = len(json.dumps(variables, separators=(",", ":")).encode())
    if size > _LONGEST_ENVIRONMENT:
        yield Rejection(
            "environment.variables",
            f"Lambda was unable to configure your environment variables because the environment variables you have"
            f" provided exceeded the 4KB limit (got {size} bytes)",
            INVALID,
        )


_DEPRECATED = re.compile(
    r"nodejs(4\.3|6\.10|8\.10|10\.x|12\.x|14\.x)?|nodejs4\.3-edge|java8|python(2\.7|3\.[67])|dotnetcore.*|go1\.x|"
    r"ruby2\.[57]|provided"
)
"""The runtimes that Lambda blocks for new functions. It creates functions of nodejs16.x, python3.8 and dotnet6 until
2027-02-01: aws-cloudformation/cfn-lint, pull request 4532, which copies Lambda's table (read 2026-11-29)."""


@rule(
    "function-runtime-is-supported",
    Stage.CREATE,
    source=assumed(
        "runtimes whose creation Lambda blocks, aws-cloudformation/cfn-lint, pull request 4532; page to check:"
        " https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"
    ),
)
def _runtime(call: Call) -> Iterator[Rejection]:
    runtime = call.get("runtime")
    if isinstance(runtime, str) and _DEPRECATED.fullmatch(runtime):
        yield Rejection(
            "runtime",
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions."
            " Use a current runtime.",
            INVALID,
        )


@rule("lambda-can-assume-function-role", Stage.CREATE, Stage.UPDATE, source=api("lambda", "CreateFunction"))
def _role(call: Call) -> Iterator[Rejection]:
    arn = call.get("role")
    if not is_known_role(call.cloud, arn):
        return
    message = "The role defined for the function cannot be assumed by Lambda"
    yield from untrusted_service(call, "role", "lambda.amazonaws.com", message, INVALID)
    if call.get("vpcConfig.subnetIds"):
        interface = Need(caller=arn, action="ec2:CreateNetworkInterface", resource="*")
        message = "The provided execution role does not have permissions to call CreateNetworkInterface on EC2"
        yield from denied_needs(call, "role", [interface], message, INVALID)


def function_name(value: Plain) -> str:
    """Return the name of the function that a name, ARN or qualified ARN refers to."""
    return str(value).rpartition(":function:")[2].partition(":")[0]


def function_of(call: Call, path: str = "functionName") -> CloudResource | None:
    """Return the function that an input names by name, ARN or qualified ARN."""
    return next(call.nearby(FUNCTION, name=function_name(call.get(path))), None)


@rule("permission-function-exists", Stage.CREATE, source=api("lambda", "AddPermission"))
def _function(call: Call) -> Iterator[Rejection]:
    if function_of(call, "function") is None:
        yield Rejection(
            "function", f"the function '{call.get('function')}' does not exist", "ResourceNotFoundException"
        )


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


_RUNTIMES = (
    "dotnet10", "dotnet6", "dotnet8", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x",
    "java11", "java11.al2023", "java17", "java17.al2023", "java21", "java25", "java8", "java8.al2", "java8.al2023",
    "nodejs", "nodejs10.x", "nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x", "nodejs20.x", "nodejs22.x",
    "nodejs24.x", "nodejs26.x", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "provided", "provided.al2",
    "provided.al2023", "python2.7", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14", "python3.15",
    "python3.6", "python3.7", "python3.8", "python3.9", "ruby2.5", "ruby2.7", "ruby3.2", "ruby3.3", "ruby3.4",
    "ruby4.0",
)  # fmt: skip
"""AWS API model of lambda (botocore 1.44), Runtime (read 2026-11-28), which the provider validates at plan."""


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
            "version": lambda call: "1" if call.get("publish") is True else "$LATEST",
            "qualifiedArn": "{arn}:{version}",
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
        },
        replaces=frozenset({"name", "packageType"}),
        replace_source=created_only("AWS::Lambda::Function"),
        enums={"packageType": ("Zip", "Image"), "architectures[*]": ("x86_64", "arm64"), "runtime": _RUNTIMES},
        ranges={"memorySize": (128, 32_768), "timeout": (1, 900)},
        name=Name(
            longest=64,
            pattern=r"[a-zA-Z0-9-_]+",
            allowed="letters, digits, '-' and '_'",
            taken="ResourceConflictException",
            source=sdk("lambda/function"),
        ),
        references=(to_role("role", code=INVALID, source=api("lambda", "CreateFunction")),),
        rules=(_code, _role, _environment, _runtime),
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
