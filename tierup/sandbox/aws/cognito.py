"""Cognito: clients of user pools and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .network import APPLY
from .same_scope import known
from .sources import sdk, unread

_INVALID = "InvalidParameterException"
_OWN_SCOPES = ("phone", "email", "openid", "profile", "aws.cognito.signin.user.admin")
_LOCAL = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])([:/].*)?")


@rule("client-flows", Stage.PLAN, source=unread("cognito-idp", "CreateUserPoolClient: AllowedOAuthFlows"))
def _flows(call: Call) -> Iterator[Rejection]:
    flows, scopes = call.get("allowedOauthFlows"), call.get("allowedOauthScopes")
    if isinstance(flows, list) and UNKNOWN not in flows:
        if flows and not scopes and scopes is not UNKNOWN:
            yield Rejection(
                "allowedOauthScopes", "AllowedOAuthFlows and AllowedOAuthScopes are required together.",
                "InvalidOAuthFlowException",
            )  # fmt: skip
        if "client_credentials" in flows and len(flows) > 1:
            yield Rejection(
                "allowedOauthFlows", "client_credentials flow can not be selected along with code flow or implicit"
                " flow.", "InvalidOAuthFlowException",
            )  # fmt: skip
        if "client_credentials" in flows and call.get("generateSecret") in (None, False):
            yield Rejection(
                "generateSecret", "client_credentials flow can not be selected if client does not have a client"
                " secret.", "InvalidOAuthFlowException",
            )  # fmt: skip
        if (
            set(flows) & {"code", "implicit"}
            and not call.get("callbackUrls")
            and call.get("callbackUrls") is not UNKNOWN
        ):
            yield Rejection(
                "callbackUrls", "The flows code and implicit require callback URLs.", "InvalidOAuthFlowException"
            )
    for path in ("callbackUrls[*]", "logoutUrls[*]"):
        for at, url in located(call.inputs, path):
            if isinstance(url, str) and url.startswith("http://") and not _LOCAL.fullmatch(url):
                yield Rejection(at, f"{url} cannot use the HTTP protocol.", _INVALID)


@rule(
    "client-refers-to-its-pool",
    *APPLY,
    source=unread("cognito-idp", "CreateUserPoolClient: ScopeDoesNotExistException"),
)
def _refers(call: Call) -> Iterator[Rejection]:
    pool = call.get("userPoolId")
    providers = {
        each.inputs.get("providerName")
        for each in call.cloud.find("aws:cognito/identityProvider:IdentityProvider", userPoolId=pool)
    }
    for at, name in located(call.inputs, "supportedIdentityProviders[*]"):
        if name != "COGNITO" and name not in providers:
            yield Rejection(at, f"The provider {name} does not exist for User Pool {pool}.", _INVALID)
    scopes = {
        f"{server.inputs.get('identifier')}/{scope}"
        for server in call.cloud.find("aws:cognito/resourceServer:ResourceServer", userPoolId=pool)
        for _, scope in located(server.inputs, "scopes[*].scopeName")
    }
    for at, scope in located(call.inputs, "allowedOauthScopes[*]"):
        if scope not in _OWN_SCOPES and scope not in scopes:
            yield Rejection(at, f"Invalid scope requested: {scope}", "ScopeDoesNotExistException")


@rule("developer-email-has-source", Stage.PLAN, source=unread("cognito-idp", "EmailConfigurationType: SourceArn"))
def _email(call: Call) -> Iterator[Rejection]:
    at = "emailConfiguration"
    if known(call, f"{at}.emailSendingAccount") == "DEVELOPER" and call.get(f"{at}.sourceArn") is None:
        yield Rejection(f"{at}.sourceArn", "It must be set if emailSendingAccount is DEVELOPER (got none).", _INVALID)


@rule("roles-of-identities", Stage.PLAN, source=unread("cognito-identity", "SetIdentityPoolRoles: Roles"))
def _roles(call: Call) -> Iterator[Rejection]:
    for name in known(call, "roles") or {}:
        if name not in ("authenticated", "unauthenticated"):
            yield Rejection(f"roles.{name}", "Invalid role. Allowed are authenticated and unauthenticated.", _INVALID)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:cognito/userPoolClient:UserPoolClient", source=sdk("cognito/userpoolclient"), rules=(_flows, _refers)
    ),
    Behaviour(type="aws:cognito/userPool:UserPool", source=sdk("cognito/userpool"), rules=(_email,)),
    Behaviour(
        type="aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment",
        source=sdk("cognito/identitypoolroleattachment"),
        rules=(_roles,),
    ),
)
