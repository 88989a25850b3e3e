"""Parses filter expressions of Cloudflare's Rules language.

Sources: https://developers.cloudflare.com/ruleset-engine/rules-language/ (operators and functions, read 2026-11-28;
values, read 2026-11-29) and https://github.com/cloudflare/cloudflare-docs, src/content/fields/index.yaml (fields, read
2026-11-28). Fields below `cf.` are not checked, because many of them belong to add-ons.
"""

from __future__ import annotations

import ipaddress
import re
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


_TYPES = (
    (r"ip\.src|cf\.edge\.server_ip", "ip"),
    (r"ssl|.*\.is_in_european_union|.*\.truncated", "boolean"),
    (r".*\.(asnum|sec|msec|size|code|1xx_code)|cf\.threat_score|cf\.edge\.server_port", "number"),
    (r"(raw\.)?http\.(request|response)\.(headers|uri\.args|cookies)|http\.request\.body\.form", "map"),
    (r".*\.(names|values)|http\.request\.accepted_languages", "array"),
    (r".*\.(metro_code|body\.multipart|jwt)(\..+)?", "any"),
    (r"http\..+|raw\.http\..+|ip\..+", "string"),
)
"""The types of fields, the first match first. Other fields, such as those of add-ons, may have any type."""
_RESULTS = {
    **dict.fromkeys(
        ("all", "any", "ends_with", "has_key", "has_value", "is_timed_hmac_valid_v0", "is_valid_gzip", "starts_with"),
        "boolean",
    ),
    **dict.fromkeys(("len", "lookup_json_integer"), "number"),
    **dict.fromkeys(
        (
            "concat", "decode_base64", "encode_base64", "lookup_json_string", "lower", "regex_replace", "remove_bytes",
            "remove_query_args", "substring", "to_string", "upper", "url_decode", "uuidv4", "wildcard_replace",
        ),
        "string",
    ),
}  # fmt: skip
"""The types of the results of functions, unless an argument is a list."""
_ARGUMENTS = {
    **dict.fromkeys(("all", "any", "len", "lower", "to_string", "upper", "uuidv4"), (1, 1)),
    **dict.fromkeys(("ends_with", "has_key", "has_value", "remove_bytes", "starts_with"), (2, 2)),
    **dict.fromkeys(("substring", "split"), (2, 3)),
    "regex_replace": (3, 3),
    "url_decode": (1, 2),
    "wildcard_replace": (3, 4),
}
"""The least and the largest number of arguments."""
_LITERALS = {"string": "string", "number": "number", "address": "ip", "list": "list"}
_OF_TEXTS = {"contains", "matches", "~", "wildcard", "strict"}


def _type_of(field: str) -> str:
    return next((type for pattern, type in _TYPES if re.fullmatch(pattern, field)), "any")


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: the operators, functions and fields that it uses, and its lists."""

    words: frozenset[str]
    lists: frozenset[str] = frozenset()

    @property
    def uses_regex(self) -> bool:
        """Whether it uses `matches` or `regex_replace`, which need a Business plan."""
        return bool(self.words & {"matches", "~", "regex_replace"})


def parse(text: str) -> Expression:
    """Parse a filter expression. Raises ValueError with the position and what was expected."""
    parser = _Parser(text)
    type = parser.expression()
    if parser.kind:
        raise ValueError(f"unexpected '{parser.text}' at character {parser.start + 1}")
    parser.require_boolean(type, len(text))
    return Expression(frozenset(parser.words), frozenset(parser.lists))


def parse_value(text: str) -> None:
    """Parse an expression of any type, such as the value of a header. Raises ValueError as `parse` does."""
    parser = _Parser(text)
    parser.expression()
    if parser.kind:
        raise ValueError(f"unexpected '{parser.text}' at character {parser.start + 1}")


@dataclass(slots=True)
class _Parser:
    source: str
    kind: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
    words: set[str] = field(default_factory=set[str])
    lists: set[str] = field(default_factory=set[str])

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

    @staticmethod
    def require_boolean(type: str, at: int) -> None:
        """Reject a value where a condition is needed. `at` is the position of its end."""
        if type in ("string", "number", "ip", "map", "array"):
            raise ValueError(f"expected a comparison before character {at + 1}, got a value of type {type}")
        if type == "booleans":
            raise ValueError(f"expected one condition before character {at + 1}, got a list. Use any() or all()")

    def expression(self) -> str:
        type = self.unary()
        while self.kind in ("word", "sign") and self.text in _LOGIC:
            self.require_boolean(type, self.start)
            self.take(*_LOGIC)
            type = self.unary()
            self.require_boolean(type, self.start)
        return type

    def unary(self) -> str:
        negated = False
        while self.take("not", "!"):
            negated = True
        if self.take("("):
            type = self.expression()
            self.expect(")")
        else:
            type = self.value()
        operator, at = self.text, self.start
        if self.take(*_COMPARISONS):
            if operator == "in" and not self.begins_list():
                raise ValueError(f"expected a list in braces or $list after 'in' at character {at + 1}")
            if operator in ("matches", "~"):
                self.check_pattern()
            self.take("wildcard")  # strict wildcard
            self.compare(type, operator, self.operand(), at)
            type = "booleans" if type.endswith("s") else "boolean"
        if negated:
            self.require_boolean(type, self.start)
        return type

    @staticmethod
    def compare(type: str, operator: str, others: set[str], at: int) -> None:
        """Reject values that an operator does not compare."""
        type = type.removesuffix("s")
        if type in ("map", "array"):
            raise ValueError(f"the operator at character {at + 1} does not compare a value of type {type}")
        if type not in ("string", "number", "ip"):
            return
        if operator in _OF_TEXTS and type != "string":
            raise ValueError(f"'{operator}' at character {at + 1} needs a string, got {type}")
        wrong = others & {"string", "number", "ip", "boolean"} - {type}
        if wrong:
            raise ValueError(f"expected a value of type {type} after character {at + 1}, got {sorted(wrong)[0]}")

    def operand(self) -> set[str]:
        if not self.take("{"):
            return {self.value()}
        types: set[str] = set()
        if self.take("}"):
            raise ValueError(f"the list before character {self.start + 1} is empty")
        while not self.take("}"):
            if self.kind not in ("string", "number", "address"):
                got = f"'{self.text}'" if self.kind else "the end"
                raise ValueError(f"expected a value or '}}' at character {self.start + 1}, got {got}")
            types.add(self.literal())
            if self.take(".."):
                self.advance()
        return types

    def literal(self) -> str:
        """Parse a value other than a field or a function, and return its type."""
        type = _LITERALS[self.kind]
        if self.kind == "list":
            self.lists.add(self.text.removeprefix("$"))
        if self.kind == "address":
            self.check_address()
        self.advance()
        return type

    def value(self) -> str:
        if self.kind in _LITERALS:
            return self.literal()
        if self.kind != "word" or self.text in _COMPARISONS | _LOGIC:
            got = f"'{self.text}'" if self.kind else "the end"
            raise ValueError(f"expected a field or a value at character {self.start + 1}, got {got}")
        name, at = self.text, self.start
        self.words.add(name)
        self.advance()
        if self.take("("):
            if name not in _FUNCTIONS:
                raise ValueError(f"unknown function '{name}' at character {at + 1}")
            type = self.call(name, at)
        elif name in ("true", "false"):
            type = "boolean"
        elif any(each.fullmatch(name) for each in _PATTERNS):
            type = _type_of(name)
        else:
            raise ValueError(f"unknown field '{name}' at character {at + 1}")
        while self.take("["):
            every = self.take("*")
            if not every:
                self.value()
            self.expect("]")
            type = {"map": "array", "array": "strings" if every else "string"}.get(type, "any")
        return type

    def begins_list(self) -> bool:
        """Return whether a list comes next."""
        return self.kind == "list" or self.text == "{"

    def check_pattern(self) -> None:
        """Reject a regular expression whose brackets do not match; the syntax is that of Rust, close to Python's."""
        if self.kind != "string":
            return
        try:
            re.compile(self.text.lstrip("r#").strip('"#'))
        except re.error as error:
            if "unterminated" in str(error) or "unbalanced" in str(error) or "nothing to repeat" in str(error):
                raise ValueError(f"invalid regular expression at character {self.start + 1} ({error.msg})") from None

    def check_address(self) -> None:
        """Reject an address or a range that does not exist."""
        try:
            ipaddress.ip_network(self.text, strict=False)
        except ValueError:
            raise ValueError(f"invalid address '{self.text}' at character {self.start + 1}") from None

    def call(self, name: str, at: int) -> str:
        """Parse the arguments of a function, and return the type of its result."""
        types: list[str] = []
        if not self.take(")"):
            types.append(self.expression())
            while self.take(","):
                types.append(self.expression())
            self.expect(")")
        low, high = _ARGUMENTS.get(name, (0, len(types)))
        if not low <= len(types) <= high:
            wanted = str(low) if low == high else f"{low} to {high}"
            raise ValueError(f"{name} at character {at + 1} takes {wanted} arguments, got {len(types)}")
        result = _RESULTS.get(name, "any")
        in_list = bool(types) and types[0] in ("strings", "booleans") and name not in ("all", "any")
        return f"{result}s" if in_list and result != "any" else result
