"""Tests of the references that the names of inputs state."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.derived_references import derived
from tierup.sandbox.aws.service_references import token


@pytest.mark.parametrize(
    ("kind", "path", "target"),
    [
        ("servicecatalog.Constraint", "portfolioId", "servicecatalog.Portfolio"),
        ("glue.Trigger", "actions[*].crawlerName", "glue.Crawler"),
        ("appsync.DomainNameApiAssociation", "apiId", "appsync.GraphQLApi"),
        ("opensearch.Domain", "cognitoOptions.userPoolId", "cognito.UserPool"),
        ("sagemaker.EndpointConfiguration", "productionVariants[*].modelName", "sagemaker.Model"),
    ],
)
def test_name_of_an_input_states_its_target(kind: str, path: str, target: str) -> None:
    found = {each.path: each.kinds for each in derived(token(kind))}
    assert token(target) in found[path]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("batch.ComputeEnvironment", "computeResources.subnets[*]"),
        ("msk.Cluster", "encryptionInfo.encryptionAtRestKmsKeyArn"),
        ("transfer.User", "role"),
        ("redshift.Cluster", "iamRoles[*]"),
        ("sesv2.ConfigurationSetEventDestination", "eventDestination.snsDestination.topicArn"),
    ],
)
def test_subnets_keys_roles_and_arns_are_checked_by_their_names(kind: str, path: str) -> None:
    assert path in {each.path for each in derived(token(kind))}


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("rds.Instance", "snapshotIdentifier"),  # may be older than the program
        ("guardduty.Member", "accountId"),
        ("msk.ServerlessCluster", "clusterName"),  # its own name
        ("ecs.Service", "cluster"),  # a row checks it
    ],
)
def test_input_that_names_something_else_is_not_checked(kind: str, path: str) -> None:
    assert path not in {each.path for each in derived(token(kind))}
