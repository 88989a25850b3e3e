"""The recorder returns what the engine would receive."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Output, ResourceOptions

from tests.engine_recorder import record


class Pair(pulumi.ComponentResource):
    """A bucket and its policy."""

    def __init__(self, name: str) -> None:
        super().__init__("tierup:test:Pair", name)
        child = ResourceOptions(parent=self)
        self.bucket = aws.s3.Bucket(
            f"{name}-bucket",
            tags={"plain": "a"},
            opts=ResourceOptions.merge(child, ResourceOptions(protect=True, ignore_changes=["tags"])),
        )
        self.policy = aws.s3.BucketPolicy(
            f"{name}-policy", bucket=self.bucket.id, policy=Output.secret("secret policy"), opts=child
        )
        self.arn = Output.all(self.bucket.arn, self.policy.id).apply(lambda both: str(both[0]))
        self.register_outputs({"arn": self.arn})


def test_parents_options_dependencies_and_secrets_are_recorded() -> None:
    recording = record(lambda: Pair("p"))
    bucket, policy = recording.named("p-bucket"), recording.one("aws:s3/bucketPolicy:BucketPolicy")

    assert recording.tree() == {"p": None, "p-bucket": "p", "p-policy": "p"}
    assert (bucket.opts.protect, bucket.opts.ignore_changes) == (True, ("tags",))
    assert (policy.opts.protect, policy.opts.ignore_changes) == (False, ())
    assert policy.opts.depends_on == {"p-bucket"}
    assert policy.inputs == {"bucket": "p-bucket-id", "policy": "secret policy"}
    assert (bucket.secret_inputs, policy.secret_inputs) == (frozenset(), {"policy"})


def test_value_secrecy_and_sources_of_outputs_are_recorded() -> None:
    recording = record(lambda: Pair("p"), outputs={"aws:s3/bucket:Bucket": {"arn": "arn:given"}})
    pair = recording.result

    assert recording.value(pair.arn) == "arn:given"
    assert recording.is_secret(pair.policy.policy)
    assert not recording.is_secret(pair.arn)
    assert recording.sources(pair.arn) == {"p-bucket", "p-policy"}


def test_a_urn_that_is_registered_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"registered twice.*::p-bucket"):
        record(lambda: (Pair("p"), Pair("p")))


def test_errors_of_the_program_are_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        record(lambda: 1 // 0)
    with pytest.raises(RuntimeError, match="in an apply"):
        record(lambda: Pair("p").arn.apply(_fail))
    with pytest.raises(LookupError, match="getAvailabilityZones"):
        record(aws.get_availability_zones)


def _fail(_: str) -> None:
    raise RuntimeError("in an apply")
