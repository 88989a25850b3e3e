"""Filter expressions of Cloudflare's Rules language."""

from __future__ import annotations

import pytest

from tierup.sandbox.cloudflare.expressions import parse


@pytest.mark.parametrize(
    "text",
    [
        "true",
        '(http.host eq "api.example.com")',
        'http.host == "a" and not http.request.uri.path contains "/admin"',
        'http.request.uri.path matches "^/api/v[0-9]+/" or ip.src in {192.0.2.0/24 2001:db8::/32 203.0.113.7}',
        'not (ip.geoip.country in {"GB" "FR"}) && ssl',
        'any(http.request.headers["x-origin"][*] == "secret")',
        'len(http.request.uri.query) gt 1024',
        'starts_with(http.request.uri.path, "/assets/")',
        'http.request.method in {"GET" "HEAD"} and http.response.code in {400..499 503}',
        'cf.bot_management.score lt 30 and not cf.client.bot',
        'ip.src in $cf.anonymizer',
        'http.request.uri wildcard r"*/shop/*" or http.request.uri strict wildcard r#"/a"b"#',
        'lower(http.request.uri.path.extension) in {"css" "js"}',
        '!ssl || http.host ne "www.example.com"',
        'http.cookie contains "session" xor http.user_agent ~ "curl"',
        'lookup_json_string(http.request.body.raw, "user") eq "root"',
        'http.request.headers["x"][0] eq "1"',
    ],
)  # fmt: skip
def test_valid_expression_is_parsed(text: str) -> None:
    assert parse(text).words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('(http.host eq "a"', "expected '\\)' at character 18, got the end"),
        ('http.host eq "a")', "unexpected '\\)' at character 17"),
        ("http.host eq", "expected a field or a value at character 13, got the end"),
        ('http.host eq "a" and', "expected a field or a value"),
        ('http.host = "a"', "unexpected '='"),
        ('http.hots eq "a"', "unknown field 'http.hots' at character 1"),
        ('http.request.uri.pathh eq "/"', "unknown field"),
        ('begins_with(http.host, "a")', "unknown function 'begins_with'"),
        ('http.host in {"a"', "expected a value or '}'"),
        ("http.host in {}", "is empty"),
        ('http.host eq "a', "unexpected '\"'"),
        ('http.host "a"', "unexpected '\"a\"'"),
    ],
)
def test_invalid_expression_is_reported_with_its_position(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)


@pytest.mark.parametrize(
    ("text", "regex"), [('http.host matches "a"', True), ('http.host ~ "a"', True), ('http.host eq "matches"', False)]
)
def test_regex_is_recognised(text: str, regex: bool) -> None:
    assert parse(text).uses_regex is regex
