"""Access to the data: database users and the project's IP access list."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Quota, Rejection, Stage, assumed, documented, located, rule
from .ids import state_id
from .project import ATLAS_LIMITS, of_project, once, project_id_shape
from .sources import provider, sdk

_USER = sdk("databaseuser")
_LIST = sdk("projectipaccesslist")
_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"

INVALID = "INVALID_ATTRIBUTE"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
_METHODS = ("awsIamType", "ldapAuthType", "oidcAuthType", "x509Type")
ADMIN_ROLES = {
    "atlasAdmin", "autoCompact", "backup", "clusterMonitor", "dbAdminAnyDatabase", "enableSharding", "killOpSession",
    "manageShardBalancer", "readAnyDatabase", "readWriteAnyDatabase",
}  # fmt: skip
_SHORTEST_PASSWORD = 8
_MAX_CUSTOM_ROLES = 20
CUSTOM_ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"
BUILT_IN_ROLES = ADMIN_ROLES | {"dbAdmin", "read", "readWrite"}
_ROLES = documented("https://www.mongodb.com/docs/atlas/mongodb-users-roles-and-privileges/", read="2026-11-29")


def _method(call: Call) -> str | None:
    """Return the input that sets an authentication method other than a password, or None."""
    return next((path for path in _METHODS if call.get(path, "NONE") not in ("NONE", UNKNOWN)), None)


@rule("user-has-one-authentication-method", Stage.PLAN, source=_USER)
def _authentication(call: Call) -> Iterator[Rejection]:
    method, database = _method(call), call.get("authDatabaseName")
    passwords = [path for path in ("password", "passwordWo") if call.inputs.get(path) is not None]
    if any(call.get(path) is UNKNOWN for path in _METHODS):
        return
    methods = [path for path in _METHODS if call.get(path, "NONE") != "NONE"]
    if len(methods) > 1:
        yield Rejection(methods[1], f"it conflicts with {methods[0]}. Omit one of them.", INVALID)
    if method is None and len(passwords) != 1:
        yield Rejection(
            "password",
            f"exactly one of password, passwordWo must be set for a user of '{database}'"
            f" (got {' and '.join(passwords) or 'none'}).",
            INVALID,
        )
    if method is not None and passwords:
        yield Rejection(passwords[0], f"it conflicts with {method} {call.get(method)}. Omit it.", INVALID)
    external = method is not None and call.get(method) not in ("IDP_GROUP",)
    wanted = "$external" if external else "admin"
    if database is not UNKNOWN and database != wanted:
        yield Rejection(
            "authDatabaseName",
            f"the database is not allowed (got '{database}'). Set '{wanted}' for this authentication method.",
            INVALID,
        )
    name = call.get("username")
    if method == "awsIamType" and isinstance(name, str) and not name.startswith("arn:aws"):
        yield Rejection(
            "username",
            f"the name is no ARN (got '{name}'). With awsIamType it is the ARN of the user or role.",
            INVALID,
        )
    password = call.get("password")
    if isinstance(password, str) and len(password) < _SHORTEST_PASSWORD:
        yield Rejection(
            "password",
            f"the password is too short ({len(password)} characters). Allowed are {_SHORTEST_PASSWORD} or more.",
            "PASSWORD_TOO_SHORT",
        )


@rule("roles-are-granted-on-their-database", Stage.PLAN, source=_USER)
def _roles(call: Call) -> Iterator[Rejection]:
    if call.get("roles") == []:
        yield Rejection("roles", "the list is empty. Add at least one role.", INVALID)
    for at, role in located(call.inputs, "roles[*]"):
        if not isinstance(role, dict):
            continue
        name, database = role.get("roleName"), role.get("databaseName")
        if name in ADMIN_ROLES and database not in ("admin", UNKNOWN):
            yield Rejection(
                f"{at}.databaseName",
                f"the database is not allowed (got '{database}'). {name} is granted on 'admin'.",
                "INVALID_ROLE",
            )
        if role.get("collectionName") and name not in ("read", "readWrite", UNKNOWN):
            yield Rejection(
                f"{at}.collectionName",
                f"it is allowed only for read and readWrite (roleName is {name}).",
                "INVALID_ROLE",
            )


@rule("roles-exist", Stage.CREATE, Stage.UPDATE, source=_ROLES)
def _known_roles(call: Call) -> Iterator[Rejection]:
    own = {str(each.outputs.get("roleName")) for each in call.cloud.find(CUSTOM_ROLE, projectId=call.get("projectId"))}
    for at, name in located(call.inputs, "roles[*].roleName"):
        if isinstance(name, str) and name not in BUILT_IN_ROLES | own:
            yield Rejection(
                at,
                f"the role does not exist (got '{name}'). Built-in roles: {', '.join(sorted(BUILT_IN_ROLES))}. A"
                " CustomDbRole adds others.",
                "INVALID_ROLE",
            )


@rule(
    "twenty-custom-roles-at-most", Stage.CREATE, Stage.UPDATE,
    source=documented(
        "https://github.com/mongodb/docs, content/atlas/source/security-add-mongodb-roles.txt", read="2026-11-29"
    ),
)  # fmt: skip
def _role_count(call: Call) -> Iterator[Rejection]:
    names = {name for _, name in located(call.inputs, "roles[*].roleName") if name not in BUILT_IN_ROLES}
    if len(names) > _MAX_CUSTOM_ROLES:
        yield Rejection(
            "roles", f"too many custom roles (got {len(names)}). Allowed are {_MAX_CUSTOM_ROLES}.", "INVALID_ROLE"
        )


def _user_id(call: Call) -> str:
    return state_id(
        auth_database_name=call.inputs["authDatabaseName"],
        project_id=call.inputs["projectId"],
        username=call.inputs["username"],
    )


# --- the IP access list ---


@rule("entry-is-an-address", Stage.PLAN, source=_LIST)
def _address(call: Call) -> Iterator[Rejection]:
    for path, form in (("cidrBlock", "a range like '10.0.0.0/16'"), ("ipAddress", "an address like '203.0.113.7'")):
        value = call.get(path)
        if not isinstance(value, str):
            continue
        try:
            if path == "ipAddress":
                ipaddress.ip_address(value)
            elif "/" in value:
                ipaddress.ip_network(value, strict=False)
            else:
                raise ValueError
        except ValueError:
            yield Rejection(path, f"the value is invalid (got '{value}'). Allowed is {form}.", "INVALID_ATTRIBUTE")


@rule("security-group-needs-peering", Stage.CREATE, source=_LIST)
def _group(call: Call) -> Iterator[Rejection]:
    group = call.get("awsSecurityGroup")
    if group and next(call.cloud.find(_PEERING, projectId=call.get("projectId")), None) is None:
        yield Rejection(
            "awsSecurityGroup",
            "an AWS security group requires a NetworkPeering in the project.",
            "VPC_PEERING_REQUIRED",
        )


def _entry(call: Call) -> str:
    return next(
        str(call.inputs[path]) for path in ("cidrBlock", "ipAddress", "awsSecurityGroup") if path in call.inputs
    )


def _range(call: Call) -> str:
    address = call.inputs.get("ipAddress")
    return f"{address}/{128 if ':' in address else 32}" if address else ""


def _single(call: Call) -> str:
    block = call.inputs.get("cidrBlock") or ""
    return block.removesuffix("/32") if block.endswith("/32") else ""


@rule(
    "entry-is-unique",
    Stage.CREATE,
    source=assumed("Atlas silently updates an existing entry; the sandbox rejects the second owner"),
)
def _once(call: Call) -> Iterator[Rejection]:
    mine = {_entry(call), _range(call)} - {""}
    for other in call.cloud.find(call.type, projectId=call.get("projectId")):
        existing = {other.outputs.get(path) for path in ("cidrBlock", "ipAddress", "awsSecurityGroup")}
        if other.urn != call.urn and mine & existing:
            yield Rejection("", f"'{_entry(call)}' is already on the access list: '{other.name}'", "DUPLICATE_ENTRY")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=USER,
        source=_USER,
        id=_user_id,
        outputs=dict.fromkeys(_METHODS, "NONE"),
        replaces=frozenset({"projectId", "username"}),
        replace_source=provider("internal/service/databaseuser/resource_database_user.go"),
        create_only=frozenset(
            {"authDatabaseName"}
        ),  # an update would address a user of the new database, which does not exist
        enums={
            "authDatabaseName": ("admin", "$external"),
            "awsIamType": ("NONE", "USER", "ROLE"),
            "ldapAuthType": ("NONE", "USER", "GROUP"),
            "oidcAuthType": ("NONE", "IDP_GROUP", "USER"),
            "x509Type": ("NONE", "MANAGED", "CUSTOMER"),
            "scopes[*].type": ("CLUSTER", "DATA_LAKE", "STREAM"),
        },
        secrets=frozenset({"password"}),
        name=Name(
            property="username",
            longest=1_024,
            automatic=False,
            unique=None,  # unique by project and database together, see the rule
            source=assumed("the longest username that Atlas accepts"),
        ),
        references=(of_project(),),
        quotas=(Quota(limit=100, per="projectId", what="database users per project", source=ATLAS_LIMITS),),
        rules=(
            project_id_shape,
            _authentication,
            _roles,
            _known_roles,
            _role_count,
            once("projectId", "authDatabaseName", "username"),
        ),
    ),
    Behaviour(
        type="mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
        source=_LIST,
        id=lambda call: state_id(entry=_entry(call), project_id=call.inputs["projectId"]),
        outputs={"awsSecurityGroup": "", "cidrBlock": _range, "comment": "", "ipAddress": _single},
        replaces=frozenset({"projectId", "cidrBlock", "ipAddress", "awsSecurityGroup", "comment"}),
        keeps=frozenset({"comment"}),
        # With a changed comment: the deletion of the old entry then deletes the new one.
        overwrites=lambda call, existing: existing.urn == call.urn,
        replace_source=provider("internal/service/projectipaccesslist/resource_schema.go"),
        exactly_one=(("cidrBlock", "ipAddress", "awsSecurityGroup"),),
        references=(of_project(),),
        quotas=(Quota(limit=200, per="projectId", what="access list entries per project", source=ATLAS_LIMITS),),
        rules=(project_id_shape, _address, _group, _once),
    ),
)
