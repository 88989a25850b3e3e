"""Tests of the behaviour rows of Cloud Map."""

from __future__ import annotations

from tierup.sandbox.aws.servicediscovery import HTTP_NAMESPACE

from .account import Account


def test_duplicate_namespace_name_is_rejected() -> None:
    account = Account()
    made = account.make(HTTP_NAMESPACE, "app", name="app")

    assert made.outputs["arn"] == f"arn:aws:servicediscovery:eu-west-1:123456789012:namespace/{made.id}"
    assert made.outputs["httpName"] == "app"
    assert account.codes(HTTP_NAMESPACE, "again", name="app") == {"NamespaceAlreadyExists"}
    assert account.replaced_by(made, name="other") == {"name"}
    assert account.replaced_by(made, description="services of the API") == {"description"}
    assert [each.path for each in account.planned(HTTP_NAMESPACE, name="arn:aws:x")] == ["name"]
