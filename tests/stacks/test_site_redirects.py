"""Further names of the site: certificate, distribution and DNS have them, and their pages are redirected."""

from __future__ import annotations

import pytest

from stacks.config.errors import InvalidConfigError
from tests.stacks.test_options import built_with_secrets

REDIRECTS = '["www.example.com", "example.com"]'


def test_redirected_names_are_in_certificate_distribution_and_dns() -> None:
    recording = built_with_secrets(siteRedirects=REDIRECTS)
    certificate = recording.named("site-certificate-certificate").inputs
    assert certificate["subjectAlternativeNames"] == ["www.example.com", "example.com"]
    distribution = recording.named("cdn-distribution").inputs
    assert distribution["aliases"] == [certificate["domainName"], "www.example.com", "example.com"]
    names = {each.inputs["name"] for each in recording.of("aws:route53/record:Record") if each.inputs.get("aliases")}
    assert {"www.example.com", "example.com"} <= names
    code = recording.named("cdn-router").inputs["code"]
    assert 'REDIRECTED = ["www.example.com", "example.com"]' in code
    assert f"'https://{certificate['domainName']}'".replace("'", '"') in code


def test_names_with_another_use_are_rejected() -> None:
    with pytest.raises(InvalidConfigError, match="siteRedirects: the name is listed twice, or is the name of"):
        built_with_secrets(siteRedirects='["www.example.com", "www.example.com"]')
