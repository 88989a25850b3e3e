"""Custom roles of database users: what each privilege action is granted on, and the roles that one inherits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..behaviour import Call, Plain, Rejection, Stage, documented, located, rule
from .access import ADMIN_ROLES, BUILT_IN_ROLES, CUSTOM_ROLE, USER
from .sources import API, ERRORS, provider

_ACTIONS = documented(
    "https://github.com/mongodb/docs, content/manual/manual/source/reference/privilege-actions.txt, of"
    " https://www.mongodb.com/docs/manual/reference/privilege-actions/",
    read="2026-11-29",
)
ON_CLUSTER = frozenset(
    {
        "BYPASS_USER_WRITE_BLOCK", "CONN_POOL_STATS", "FLUSH_ROUTER_CONFIG", "GET_CMD_LINE_OPTS", "GET_LOG",
        "GET_PARAMETER", "GET_SHARD_MAP", "HOST_INFO", "IN_PROG", "KILL_ANY_SESSION", "KILL_OP", "LIST_DATABASES",
        "LIST_SESSIONS", "LIST_SHARDS", "REPL_SET_GET_CONFIG", "REPL_SET_GET_STATUS", "SERVER_STATUS",
        "SET_USER_WRITE_BLOCK", "SHARDING_STATE", "TOP", "USE_UUID",
    }
)  # fmt: skip
"""Actions that are granted on the cluster only."""
ON_NAMESPACE = frozenset(
    {
        "ANALYZE_SHARD_KEY", "BYPASS_DOCUMENT_VALIDATION", "CLEAR_JUMBO_FLAG", "COLL_MOD", "COLL_STATS",
        "CONVERT_TO_CAPPED", "CREATE_COLLECTION", "CREATE_INDEX", "CREATE_SEARCH_INDEX", "DB_HASH", "DB_STATS",
        "DROP_COLLECTION", "DROP_DATABASE", "DROP_INDEX", "DROP_SEARCH_INDEX", "ENABLE_PROFILER", "FIND", "INSERT",
        "KILL_ANY_CURSOR", "LIST_COLLECTIONS", "LIST_INDEXES", "LIST_SEARCH_INDEXES", "MOVE_CHUNK",
        "REFINE_COLLECTION_SHARD_KEY", "REMOVE", "RENAME_COLLECTION_SAME_DB", "RESHARD_COLLECTION", "RE_INDEX",
        "SPLIT_CHUNK", "UPDATE", "UPDATE_SEARCH_INDEX", "VALIDATE",
    }
)  # fmt: skip
"""Actions that are granted on a database or a collection only. COMPACT, ENABLE_SHARDING, CHECK_METADATA_CONSISTENCY and
CHANGE_STREAM are granted on both, and the page states nothing on those of stream processing and data federation."""


@rule("role-name-is-free", Stage.CREATE, source=provider("docs/resources/custom_db_role.md"))
def _name(call: Call) -> Iterator[Rejection]:
    if call.get("roleName") in BUILT_IN_ROLES:
        yield Rejection("roleName", f"it is a built-in role (got '{call.get('roleName')}').", "INVALID_ROLE_NAME")


@rule("resources-are-namespaces-or-the-cluster", Stage.PLAN, source=provider("docs/resources/custom_db_role.md"))
def _resources(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "actions[*].resources[*]"):
        if isinstance(each, dict) and each.get("cluster") is True:
            for name in ("collectionName", "databaseName"):
                if each.get(name):
                    yield Rejection(f"{at}.{name}", "it excludes cluster: true. Omit one of them.", "INVALID_ATTRIBUTE")


@rule("actions-fit-their-resources", Stage.PLAN, source=_ACTIONS)
def _actions(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "actions[*]"):
        if not isinstance(each, dict):
            continue
        action = each.get("action")
        for place, resource in located(each, "resources[*]"):
            if not isinstance(resource, dict):
                continue
            on_cluster = resource.get("cluster")
            if action in ON_CLUSTER and on_cluster in (None, False):
                message = f"{action} is granted on the cluster. Set only cluster: true."
                yield Rejection(f"{at}.{place}", message, "INVALID_ATTRIBUTE")
            elif action in ON_NAMESPACE and on_cluster is True:
                message = f"{action} is granted on a database or a collection. Set databaseName instead."
                yield Rejection(f"{at}.{place}.cluster", message, "INVALID_ATTRIBUTE")


@rule("inherited-roles-are-granted-on-admin", Stage.PLAN, source=API)
def _inherited_databases(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "inheritedRoles[*]"):
        name: Plain = each.get("roleName") if isinstance(each, dict) else None
        if isinstance(name, str) and (name in ADMIN_ROLES or name not in BUILT_IN_ROLES):
            database: Any = each.get("databaseName")
            if isinstance(database, str) and database != "admin":
                message = f"the database is not allowed (got '{database}'). {name} is granted on 'admin'."
                yield Rejection(f"{at}.databaseName", message, "INVALID_ROLE")


@rule("inherited-roles-exist", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _inherited(call: Call) -> Iterator[Rejection]:
    own = {str(each.inputs.get("roleName")) for each in call.cloud.find(CUSTOM_ROLE, projectId=call.get("projectId"))}
    for at, name in located(call.inputs, "inheritedRoles[*].roleName"):
        if isinstance(name, str) and name not in BUILT_IN_ROLES | own:
            yield Rejection(at, f"the role does not exist (got '{name}').", "INVALID_ROLE")
        elif name == call.get("roleName"):
            yield Rejection(at, f"the role cannot inherit itself (got '{name}').", "INVALID_ROLE")


@rule("role-is-not-the-only-one", Stage.DELETE, source=API)
def _only_role(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    name, project = call.this.inputs.get("roleName"), call.this.inputs.get("projectId")
    for user in call.cloud.find(USER, projectId=project):
        if [role for _, role in located(user.inputs, "roles[*].roleName")] == [name]:
            yield Rejection("", f"the user '{user.name}' would have no role left.", "ATLAS_CUSTOM_ROLE_IN_USE")
    for other in call.cloud.find(CUSTOM_ROLE, projectId=project):
        inherited = [role for _, role in located(other.inputs, "inheritedRoles[*].roleName")]
        if inherited == [name] and not other.inputs.get("actions"):
            yield Rejection("", f"the role '{other.name}' would have no privilege left.", "ATLAS_CUSTOM_ROLE_IN_USE")


ROLE_RULES = (_name, _resources, _actions, _inherited_databases, _inherited, _only_role)
