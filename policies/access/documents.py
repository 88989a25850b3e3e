"""IAM policy documents, of roles and of resources: JSON in a string or an object, each element one value or a list.

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

# Keys that say who calls, or from where. aws:SourceOwner is SNS's old name for an account.
# As S3 lists them for what it calls public (read 2026-11-24), and those of organizations, KMS and Lambda (from memory):
# https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TPublicAccessBlockConfiguration.html
SAYS_WHO = frozenset(
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
# Operators that ask for a value. ForAllValues: and ...IfExists hold where the key is missing, too: they ask for none.
ASKS = re.compile(r"^(foranyvalue:)?(string(equals|like|equalsignorecase)|arn(equals|like)|ipaddress)$")
WILDCARD = re.compile(r"[*?]|\$\{")  # of a pattern, or a policy variable


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `actions` and the conditions' keys are in lower case, as IAM takes them in any."""

    path: str
    allows: bool
    actions: tuple[str, ...]
    but_actions: tuple[str, ...]
    """NotAction: everything but these."""
    resources: tuple[str, ...]
    but_resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    """By kind: AWS, Service, Federated, CanonicalUser, or "*" where the whole element is a star."""
    but_principals: bool
    """Whether it has a NotPrincipal: everybody but these."""
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By operator in lower case: key -> values, of which one must hold."""

    @property
    def for_anyone(self) -> bool:
        """Whether everybody is meant, were it not for the conditions."""
        return self.but_principals or "*" in self.principals or "*" in self.principals.get("AWS", ())

    @property
    def says_who(self) -> bool:
        """Whether a condition narrows down who is meant."""
        return any(self.asks(key) for key in SAYS_WHO)

    @property
    def element(self) -> str:
        """The path inside the policy document, such as Statement[0]."""
        return self.path.partition(".")[2]

    @property
    def grants_to_anyone(self) -> bool:
        """Whether the statement allows everyone, and no condition limits who that is."""
        return self.allows and self.for_anyone and not self.says_who

    @property
    def on_all_resources(self) -> bool:
        """Whether it is about every resource there is."""
        return "*" in self.resources or bool(self.but_resources)

    def asks(self, key: str) -> bool:
        """Whether a condition asks `key` (in lower case) for a value that not everybody has."""
        return any(not any(_anything(value) for value in values) for values in self._asked(key))

    def asked(self, key: str) -> Iterator[str]:
        """The values, patterns among them, that conditions ask `key` (in lower case) for."""
        return (value for values in self._asked(key) for value in values)

    def _asked(self, key: str) -> Iterator[tuple[str, ...]]:
        return (keys[key] for operator, keys in self.conditions.items() if key in keys and ASKS.match(operator))

    def allows_action(self, action: str) -> bool:
        """Whether the statement's actions, which may be patterns, hold `action` (in lower case)."""
        if self.but_actions:
            return not any(_matches(pattern, action) for pattern in self.but_actions)
        return any(_matches(pattern, action) for pattern in self.actions)


def statements(properties: Mapping[str, Any], key: str) -> Iterator[Statement]:
    """The statements of the policy at `key`; none when it is not set.

    Raises UnknownValue while any part of it is unknown, and Indeterminate when it is no policy.
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
        but_actions=tuple(action.lower() for action in _texts(statement.get("NotAction"))),
        resources=_texts(statement.get("Resource")),
        but_resources=_texts(statement.get("NotResource")),
        principals=_principals(statement.get("Principal")),
        but_principals=statement.get("NotPrincipal") is not None,
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
        return {str(kind): _texts(who) for kind, who in principal.items()}
    return {"*": ("*",)} if principal == "*" else {}


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(each) for each in value)
    return (str(value),)


def _matches(pattern: str, action: str) -> bool:
    parts = (re.escape(part).replace(r"\?", ".") for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), action) is not None


def _anything(value: str) -> bool:
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
