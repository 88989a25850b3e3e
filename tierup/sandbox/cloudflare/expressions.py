"""Parses filter expressions of Cloudflare's Rules language.

Sources: https://developers.cloudflare.com/ruleset-engine/rules-language/ (operators and functions, read
2026-11-28; values from memory)
and https://github.com/cloudflare/cloudflare-docs, src/content/fields/index.yaml (fields, read 2026-11-28). Fields below
`cf.` are not checked, because many of them belong to add-ons.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>r(?P<hashes>\#*)"(?:.*?)"(?P=hashes)|"(?:[^"\\]|\\.)*")
    | (?P<address>\d+\.\d+\.\d+\.\d+(?:/\d+)?|[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]*(?:/\d+)?)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<list>\$[a-z0-9_.]+)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
    | (?P<sign>\.\.|==|!=|<=|>=|&&|\|\||\^\^|[<>~!&(){}\[\],*])
    )""",
    re.VERBOSE | re.DOTALL,
)
_COMPARISONS = {
    "eq", "ne", "lt", "le", "gt", "ge", "contains", "matches", "wildcard", "strict", "in", "bitwise_and",
    "==", "!=", "<", "<=", ">", ">=", "~", "&",
}  # fmt: skip
_LOGIC = {"and", "or", "xor", "&&", "||", "^^"}
_FUNCTIONS = {
    "all", "any", "bit_slice", "cidr", "cidr6", "concat", "decode_base64", "ends_with", "encode_base64",
    "has_key", "has_value", "is_timed_hmac_valid_v0", "is_valid_gzip", "join", "len", "lookup_json_integer",
    "lookup_json_string", "lower", "regex_replace", "remove_bytes", "remove_query_args", "sha256", "split",
    "starts_with", "substring", "to_string", "upper", "url_decode", "uuidv4", "wildcard_replace",
}  # fmt: skip
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"ssl|cf\..+",
        r"(raw\.)?http\.(request|response)\.(headers|headers\.(names|values|truncated))",
        r"http\.(host|cookie|referer|user_agent|x_forwarded_for)",
        r"http\.request\.(method|cookies|version|full_uri|accepted_languages|timestamp\.(sec|msec)|jwt\..+|body\..+)",
        r"(raw\.)?http\.request\.(full_uri|uri|uri\.(path|path\.extension|query|args|args\.(names|values)))",
        r"http\.response\.(code|1xx_code|content_type\.media_type)",
        r"ip\.src(\.(lat|lon|city|postal_code|metro_code|region|region_code|timezone\.name|asnum|continent|country"
        r"|subdivision_[12]_iso_code|is_in_european_union))?",
        r"ip\.geoip\.(asnum|continent|country|subdivision_[12]_iso_code|is_in_european_union)",
    )
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: the operators and functions that it uses."""

    words: frozenset[str]

    @property
    def uses_regex(self) -> bool:
        """Whether it uses `matches` or `regex_replace`, which need a Business plan."""
        return bool(self.words & {"matches", "~", "regex_replace"})


def parse(text: str) -> Expression:
    """Parse a filter expression. Raises ValueError with the position and what was expected."""
    parser = _Parser(text)
    parser.expression()
    if parser.kind:
        raise ValueError(f"unexpected '{parser.text}' at character {parser.start + 1}")
    return Expression(frozenset(parser.words))


@dataclass(slots=True)
class _Parser:
    source: str
    kind: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
    words: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.advance()

    def advance(self) -> None:
        rest = self.source[self.end :]
        if not rest.strip():
            self.kind, self.text, self.start = "", "", len(self.source)
            return
        found = _TOKEN.match(self.source, self.end)
        if found is None:
            at = self.end + len(rest) - len(rest.lstrip())
            raise ValueError(f"unexpected '{self.source[at]}' at character {at + 1}")
        self.kind = str(found.lastgroup if found.lastgroup != "hashes" else "string")
        self.text, self.start, self.end = found.group(self.kind), found.start(self.kind), found.end()

    def take(self, *texts: str) -> bool:
        if self.kind in ("word", "sign") and self.text in texts:
            self.words.add(self.text)
            self.advance()
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            got = f"'{self.text}'" if self.kind else "the end"
            raise ValueError(f"expected '{text}' at character {self.start + 1}, got {got}")

    def expression(self) -> None:
        self.unary()
        while self.take(*_LOGIC):
            self.unary()

    def unary(self) -> None:
        while self.take("not", "!"):
            pass
        if self.take("("):
            self.expression()
            self.expect(")")
        else:
            self.value()
        if self.take(*_COMPARISONS):
            self.take("wildcard")  # strict wildcard
            self.operand()

    def operand(self) -> None:
        if self.take("{"):
            if self.take("}"):
                raise ValueError(f"the list before character {self.start + 1} is empty")
            while not self.take("}"):
                if self.kind not in ("string", "number", "address"):
                    got = f"'{self.text}'" if self.kind else "the end"
                    raise ValueError(f"expected a value or '}}' at character {self.start + 1}, got {got}")
                self.advance()
                if self.take(".."):
                    self.advance()
        else:
            self.value()

    def value(self) -> None:
        if self.kind in ("string", "number", "address", "list"):
            self.advance()
            return
        if self.kind != "word" or self.text in _COMPARISONS | _LOGIC:
            got = f"'{self.text}'" if self.kind else "the end"
            raise ValueError(f"expected a field or a value at character {self.start + 1}, got {got}")
        name, at = self.text, self.start
        self.words.add(name)
        self.advance()
        if self.take("("):
            if name not in _FUNCTIONS:
                raise ValueError(f"unknown function '{name}' at character {at + 1}")
            self.sequence(self.expression, ")")
        elif name not in ("true", "false") and not any(each.fullmatch(name) for each in _PATTERNS):
            raise ValueError(f"unknown field '{name}' at character {at + 1}")
        while self.take("["):
            if not self.take("*"):
                self.value()
            self.expect("]")

    def sequence(self, item: Callable[[], None], closing: str) -> None:
        if self.take(closing):
            return
        item()
        while self.take(","):
            item()
        self.expect(closing)
