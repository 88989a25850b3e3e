"""Matching of actions, ARNs and other text against the patterns of a policy, and the variables in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

Context = Mapping[str, Sequence[str]]
"""The condition keys of a request in lower case, each with its values; an empty sequence is an absent key."""

VARIABLES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (read 2026-11-28)"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*": "*", "?": "?", "$": "$"}  # ${*}, ${?} and ${$} are the characters themselves
_ESCAPED = {"*": "\ue000", "?": "\ue001"}  # private characters, which replace a literal * and ? in a pattern


class MissingVariableError(LookupError):
    """A policy variable has no value in the request: the element that contains it matches nothing."""


def matches(pattern: str, value: str, *, case: bool = True) -> bool:
    """Return whether a pattern with * (any text) and ? (any character) matches the whole value."""
    return _compiled(pattern, case).fullmatch(value) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str, case: bool) -> re.Pattern[str]:
    translated = "".join(".*" if each == "*" else "." if each == "?" else _literal(each) for each in pattern)
    return re.compile(translated, re.DOTALL if case else re.DOTALL | re.IGNORECASE)


def _literal(character: str) -> str:
    for plain, private in _ESCAPED.items():
        if character == private:
            return re.escape(plain)
    return re.escape(character)


def matches_action(pattern: str, action: str) -> bool:
    """Return whether an Action element matches: service prefix and action are not case-sensitive."""
    return matches(pattern, action, case=False)


def matches_arn(pattern: str, arn: str) -> bool:
    """Return whether an ARN pattern of a condition matches: each of the six parts on its own, * within one part.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
    "Amazon Resource Name (ARN) condition operators" (read 2026-11-28).
    """
    wanted, got = pattern.split(":", 5), arn.split(":", 5)
    if len(wanted) != 6 or len(got) != 6:
        return pattern == "*" and len(got) == 6
    return all(matches(part, value) for part, value in zip(wanted, got, strict=True))


def substituted(text: str, context: Context, *, escape: bool) -> str:
    """Return a policy's text with its variables replaced. Raises MissingVariableError. Source: VARIABLES.

    `escape` protects * and ? that come from a variable, for text that is a pattern.
    """

    def value(found: re.Match[str]) -> str:
        name, _, default = found[1].partition(",")
        literal = _LITERALS.get(name.strip())
        if literal is not None:
            return _ESCAPED.get(literal, literal) if escape else literal
        values = context.get(name.strip().lower(), ())
        fallback = re.fullmatch(r"\s*'([^']*)'\s*", default)
        if len(values) == 1:
            chosen = values[0]
        elif fallback:
            chosen = fallback[1]
        else:
            raise MissingVariableError(name.strip())
        return "".join(_ESCAPED.get(each, each) for each in chosen) if escape else chosen

    return _VARIABLE.sub(value, text)
