"""IAM policy documents of identities and of resources: a JSON text or an object, each element one value or a list.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html (from memory)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..inputs import as_object
from ..network.public_cidr import is_public
from ..rule import Indeterminate

# Condition keys that restrict the caller or the caller's network. aws:SourceOwner is SNS's old name for an account.
# From S3's definition of a public policy (read 2026-11-24), with those of organizations, KMS and Lambda (from memory):
# https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TPublicAccessBlockConfiguration.html
CALLER_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:vpcsourceip",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
# Operators that require a value. ForAllValues: and ...IfExists are also met where the key is missing.
REQUIRING = re.compile(r"^(foranyvalue:)?(string(equals|like|equalsignorecase)|arn(equals|like)|ipaddress)$")
WILDCARD = re.compile(r"[*?]|\$\{")  # of a pattern, or a policy variable


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `actions` and the keys of conditions are in lower case, because IAM ignores the case."""

    path: str
    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    """NotAction: every action except these."""
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    """By kind: AWS, Service, Federated, CanonicalUser, or "*" where the whole element is "*"."""
    has_not_principal: bool
    """Whether it has a NotPrincipal: every principal except these."""
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By operator in lower case: key to values, of which one must match."""

    @property
    def for_everyone(self) -> bool:
        """Whether the statement is about every principal, without regard to its conditions."""
        return self.has_not_principal or "*" in self.principals or "*" in self.principals.get("AWS", ())

    @property
    def limits_callers(self) -> bool:
        """Whether a condition restricts the callers."""
        return any(self.requires(key) for key in CALLER_KEYS)

    @property
    def element(self) -> str:
        """The path inside the policy document, such as Statement[0]."""
        return self.path.partition(".")[2]

    @property
    def grants_to_everyone(self) -> bool:
        """Whether the statement allows everyone, and no condition limits who that is."""
        return self.allows and self.for_everyone and not self.limits_callers

    @property
    def on_all_resources(self) -> bool:
        """Whether the statement is about every resource."""
        return bool(self.not_resources) or any(map(covers_all_resources, self.resources))

    def requires(self, key: str) -> bool:
        """Return whether a condition requires a value of `key` (in lower case) that not every caller has."""
        return any(not any(_matches_any_owner(value) for value in values) for values in self._requirements(key))

    def required_values(self, key: str) -> Iterator[str]:
        """Return the values and patterns that conditions require of `key` (in lower case)."""
        return (value for values in self._requirements(key) for value in values)

    def _requirements(self, key: str) -> Iterator[tuple[str, ...]]:
        return (keys[key] for operator, keys in self.conditions.items() if key in keys and REQUIRING.match(operator))

    def allows_action(self, action: str) -> bool:
        """Return whether the statement's actions, which may be patterns, include `action` (in lower case)."""
        if self.not_actions:
            return not any(_matches(pattern, action) for pattern in self.not_actions)
        return any(_matches(pattern, action) for pattern in self.actions)


def statements(properties: Mapping[str, Any], key: str) -> Iterator[Statement]:
    """Yield the statements of the policy document at `key`; none when it is not set.

    Raises UnknownValue while any part of it is unknown, and Indeterminate when it is not a policy document.
    """
    document = properties.get(key)
    if document is None or document == "":
        return
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            raise Indeterminate(f"{key} is not JSON") from None
    if not isinstance(document, Mapping):
        raise Indeterminate(f"{key} is not a policy document")
    found = document.get("Statement") or ()
    if isinstance(found, str) or not isinstance(found, Mapping | Sequence):
        raise Indeterminate(f"{key}.Statement is not a list")
    for index, statement in enumerate([found] if isinstance(found, Mapping) else found):
        yield _statement(f"{key}.Statement[{index}]", as_object(statement, f"{key}.Statement[{index}]"))


def _statement(path: str, statement: Mapping[str, Any]) -> Statement:
    sid = statement.get("Sid")
    conditions = as_object(statement.get("Condition"), f"{path}.Condition")
    return Statement(
        path=f"{path} ({sid})" if sid else path,
        allows=statement.get("Effect") == "Allow",
        actions=tuple(action.lower() for action in _texts(statement.get("Action"))),
        not_actions=tuple(action.lower() for action in _texts(statement.get("NotAction"))),
        resources=_texts(statement.get("Resource")),
        not_resources=_texts(statement.get("NotResource")),
        principals=_principals(statement.get("Principal")),
        has_not_principal=statement.get("NotPrincipal") is not None,
        conditions={
            str(operator).lower(): {
                str(key).lower(): _texts(values)
                for key, values in as_object(keys, f"{path}.Condition.{operator}").items()
            }
            for operator, keys in conditions.items()
        },
    )


def _principals(principal: Any) -> Mapping[str, tuple[str, ...]]:
    if isinstance(principal, Mapping):
        return {str(kind): _texts(names) for kind, names in principal.items()}
    return {"*": ("*",)} if principal == "*" else {}


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(each) for each in value)
    return (str(value),)


def covers_all_resources(pattern: str) -> bool:
    """Return whether a pattern matches the resources of every service: *, arn:*, arn:aws:*, arn:*:*:*:*:*."""
    if not pattern.strip("*"):
        return True
    prefix, _, rest = pattern.partition(":")
    partition, _, rest = rest.partition(":")
    if prefix != "arn":
        return False
    return (partition == "*" and not rest) or (rest.startswith("*") and rest.rpartition(":")[2] == "*")


def _matches(pattern: str, action: str) -> bool:
    parts = (re.escape(part).replace(r"\?", ".") for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), action) is not None


def _matches_any_owner(value: str) -> bool:
    """Return whether a condition's value matches callers of any owner.

    A CIDR does when it is public; an ARN when its account is a wildcard, or for S3, whose bucket names are unique among
    all accounts, its bucket; any other value when its first part is: o-1/* is one organization's, o-* any one's.
    """
    if is_public(value):
        return True
    if value.startswith("arn:"):
        _, _, service, _, account, name = [*value.split(":", 5), *["*"] * 6][:6]
        return WILDCARD.match(name) is not None if service == "s3" else WILDCARD.search(account) is not None
    return WILDCARD.search(re.split("[:/]", value, maxsplit=1)[0]) is not None
