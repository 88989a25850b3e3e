"""Tests of the behaviour rows of CloudFront viewer certificates."""

from __future__ import annotations

from tierup.sandbox.cloud import CloudResource

from ..account import Account
from ..test_acm import CERTIFICATE, validated
from .inputs import DISTRIBUTION, distribution, with_certificate


def certificate(account: Account, *, valid: bool = True) -> CloudResource:
    made = account.make(CERTIFICATE, "site", domainName="example.com", validationMethod="DNS")
    if valid:
        validated(account, made)
    return made


def test_aliases_require_issued_certificate_that_covers_them(account: Account) -> None:
    pending = certificate(account, valid=False)
    inputs = distribution(aliases=["example.com"], viewerCertificate=with_certificate(pending.id))
    assert account.codes(DISTRIBUTION, **inputs) == {"InvalidViewerCertificate"}
    validated(account, pending)
    made = account.make(DISTRIBUTION, **inputs)
    assert account.codes(DISTRIBUTION, **{**inputs, "aliases": ["www.example.com"]}) == {"InvalidViewerCertificate"}
    assert account.codes(DISTRIBUTION, "twin", **inputs) == {"CNAMEAlreadyExists"}
    assert not account.change_codes(made, comment="again")
    assert account.delete_codes(pending) == {"ResourceInUseException"}
