"""Cognito: clients of user pools and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .network import APPLY
from .same_scope import known
from .sources import api, sdk, unread

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
    for server in call.cloud.find("aws:cognito/resourceServer:ResourceServer", userPoolId=pool):
        scopes |= set(server.outputs.get("scopeIdentifiers") or ())  # the sandbox's own values, by the schema alone
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


_STANDARD = frozenset(
    {
        "address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale",
        "middle_name", "name", "nickname", "phone_number", "phone_number_verified", "picture", "preferred_username",
        "profile", "sub", "updated_at", "website", "zoneinfo",
    }
)  # fmt: skip
"""The standard attributes of OpenID Connect, which every pool has."""


@rule("attributes-of-client", *APPLY, source=unread("cognito-idp", "CreateUserPoolClient: ReadAttributes"))
def _client_attributes(call: Call) -> Iterator[Rejection]:
    pool = call.cloud.get("aws:cognito/userPool:UserPool", str(call.get("userPoolId")))
    if pool is None or not pool.urn:
        return
    own = {f"custom:{name}" for _, name in located(pool.inputs, "schemas[*].name")}
    for path in ("readAttributes[*]", "writeAttributes[*]"):
        for at, name in located(call.inputs, path):
            if isinstance(name, str) and name not in own | _STANDARD:
                yield Rejection(at, f"Invalid attribute {name} specified while creating a client.", _INVALID)
    redirect, urls = call.get("defaultRedirectUri"), call.get("callbackUrls")
    if redirect and isinstance(urls, list) and redirect not in urls:
        yield Rejection("defaultRedirectUri", "it must be one of callbackUrls.", _INVALID)


_DETAILS: Mapping[str, tuple[str, ...]] = {
    "Facebook": ("client_id", "client_secret", "authorize_scopes"),
    "Google": ("client_id", "client_secret", "authorize_scopes"),
    "LoginWithAmazon": ("client_id", "client_secret", "authorize_scopes"),
    "OIDC": ("client_id", "attributes_request_method", "oidc_issuer", "authorize_scopes"),
    "SignInWithApple": ("client_id", "team_id", "key_id", "authorize_scopes"),
}
"""The details that a provider requires, by its type. Source: ProviderDetails of CreateIdentityProvider's model."""


@rule("details-of-identity-provider", Stage.PLAN, source=api("cognito-idp", "CreateIdentityProvider: ProviderDetails"))
def _details(call: Call) -> Iterator[Rejection]:
    kind, details = known(call, "providerType"), known(call, "providerDetails")
    if not isinstance(details, dict):
        return
    for name in _DETAILS.get(str(kind), ()):
        if name not in details:
            yield Rejection(f"providerDetails.{name}", f"{kind} requires {name} (got none).", _INVALID)
    if kind == "SAML" and not {"MetadataURL", "MetadataFile"} & set(details):
        yield Rejection("providerDetails", "SAML requires MetadataURL or MetadataFile (got none).", _INVALID)


@rule("one-domain-of-a-kind", Stage.CREATE, source=unread("cognito-idp", "CreateUserPoolDomain"))
def _one_domain(call: Call) -> Iterator[Rejection]:
    custom = call.get("certificateArn") is not None
    for other in call.nearby(call.type, userPoolId=call.get("userPoolId")):
        if other.urn != call.urn and bool(other.inputs.get("certificateArn")) == custom:
            yield Rejection("userPoolId", f"User pool already has a domain configured: '{other.name}'.", _INVALID)


@rule("attributes-are-unique", Stage.PLAN, source=unread("cognito-idp", "CreateUserPool: Schema"))
def _attributes(call: Call) -> Iterator[Rejection]:
    names = [name for _, name in located(call.inputs, "schemas[*].name") if isinstance(name, str)]
    for name in dict.fromkeys(each for each in names if names.count(each) > 1):
        yield Rejection("schemas", f"Found duplicate attribute name in schema: {name}.", _INVALID)
    for at, attribute in located(call.inputs, "schemas[*]"):
        required = isinstance(attribute, dict) and attribute.get("required") is True
        name = attribute.get("name") if required else None
        if isinstance(name, str) and name not in _STANDARD:
            yield Rejection(f"{at}.required", "Required custom attributes are not supported currently.", _INVALID)


_CLASSES = (("requireLowercase", r"[a-z]"), ("requireUppercase", r"[A-Z]"), ("requireNumbers", r"\d"),
            ("requireSymbols", r"[^A-Za-z0-9]"))  # fmt: skip


@rule("password-follows-the-policy", Stage.CREATE, source=unread("cognito-idp", "InvalidPasswordException"))
def _user_password(call: Call) -> Iterator[Rejection]:
    pool = call.cloud.get("aws:cognito/userPool:UserPool", str(call.get("userPoolId")))
    if pool is None or not pool.urn:
        return
    policy = pool.inputs.get("passwordPolicy")
    for path in ("temporaryPassword", "password"):
        password = call.get(path)
        if not isinstance(password, str):
            continue
        least = (policy or {}).get("minimumLength") or 8
        missing = [
            name
            for name, pattern in _CLASSES
            if (policy is None or policy.get(name) is True) and not re.search(pattern, password)
        ]
        if len(password) < least or missing:
            yield Rejection(
                path, "Password did not conform with password policy:"
                f" {', '.join(missing) or f'it has fewer than {least:g} characters'}.", "InvalidPasswordException",
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:cognito/user:User", source=sdk("cognito/user"), rules=(_user_password,)),
    Behaviour(
        type="aws:cognito/identityProvider:IdentityProvider", source=sdk("cognito/identityprovider"), rules=(_details,)
    ),
    Behaviour(
        type="aws:cognito/userPoolDomain:UserPoolDomain", source=sdk("cognito/userpooldomain"), rules=(_one_domain,)
    ),
    Behaviour(
        type="aws:cognito/userPoolClient:UserPoolClient",
        source=sdk("cognito/userpoolclient"),
        rules=(_flows, _refers, _client_attributes),
    ),
    Behaviour(type="aws:cognito/userPool:UserPool", source=sdk("cognito/userpool"), rules=(_email, _attributes)),
    Behaviour(
        type="aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment",
        source=sdk("cognito/identitypoolroleattachment"),
        rules=(_roles,),
    ),
)
