"""Measures a warm preview in the sandbox against `cdk synth` of as many resources.

`tierup preview --sandbox` shows what a deployed dev stack (phase optimization, tier small) would change, with its
policies. `cdk synth` of the AWS CDK only writes a template. Its app is in JavaScript, which needs no compiler: a VPC, a
Fargate service behind a load balancer and a distribution, filled up with topics and alarms. The runs alternate, so that
a busy machine slows both, and the medians are compared.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tierup.deployment.errors import CommandError
from tierup.deployment.project import Project, find
from tierup.engine import find_or_install
from tierup.sandbox import ensure_running, stop
from tools.benchmarks.policy_pack import run_tierup
from tools.benchmarks.sandbox_up import copy_of, resource_count, rounded
from tools.benchmarks.timed_command import seconds_of

ALLOWED_RATIO = 1.0
# The newest versions on 2026-11-28.
_PACKAGES = ("aws-cdk@2.1148.1", "aws-cdk-lib@2", "constructs@10")
_APP = """
const cdk = require("aws-cdk-lib");
const ec2 = cdk.aws_ec2, ecs = cdk.aws_ecs, origins = cdk.aws_cloudfront_origins;
const stack = new cdk.Stack(new cdk.App(), "stack");
const vpc = new ec2.Vpc(stack, "vpc", { maxAzs: 2 });
new cdk.aws_ecs_patterns.ApplicationLoadBalancedFargateService(stack, "service", {
  vpc, taskImageOptions: { image: ecs.ContainerImage.fromRegistry("nginx") },
});
const bucket = new cdk.aws_s3.Bucket(stack, "site");
new cdk.aws_cloudfront.Distribution(stack, "cdn", {
  defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket) },
});
let missing = Number(process.env.COUNT) - stack.node.findAll().filter(cdk.CfnResource.isCfnResource).length;
for (let number = 0; missing > 0; number++) {
  const topic = new cdk.aws_sns.Topic(stack, `topic-${number}`);
  if (--missing > 0) {
    topic.metricNumberOfNotificationsFailed().createAlarm(stack, `alarm-${number}`, {
      threshold: 1, evaluationPeriods: 1,
    });
    missing--;
  }
}
"""

Notify = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class CdkBenchmarkResult:
    """Medians in seconds."""

    resources: int
    runs: int
    preview: float
    synth: float

    @property
    def ratio(self) -> float:
        """The time of the preview, as a multiple of that of `cdk synth`."""
        return self.preview / self.synth

    @property
    def passes(self) -> bool:
        """Whether the ratio is within the limit."""
        return self.ratio <= ALLOWED_RATIO

    def as_document(self) -> dict[str, Any]:
        """Return the result as a JSON document."""
        return {
            **rounded(asdict(self)),
            "ratio": round(self.ratio, 3),
            "allowed_ratio": ALLOWED_RATIO,
            "passes": self.passes,
        }

    def as_text(self) -> str:
        """Return the result as text."""
        verdict = "passed" if self.passes else "EXCEEDED"
        return (
            f"{self.resources} resources each, medians of {self.runs} runs\n"
            f"  tierup preview --sandbox {self.preview:.2f} s   cdk synth {self.synth:.2f} s   "
            f"ratio {self.ratio:.2f} (at most {ALLOWED_RATIO:.0f}: {verdict})"
        )


def run(project: Project, *, runs: int, notify: Notify) -> CdkBenchmarkResult:
    """Measure, `runs` times each.

    Raises:
        CommandError: Node.js is missing, the CDK cannot be installed, or one of the two fails.
    """
    if shutil.which("npm") is None:
        raise CommandError("npm: not found (got none on PATH). Install Node.js to compare with `cdk synth`.")
    find_or_install(notify)
    with tempfile.TemporaryDirectory(prefix="tierup-benchmark-") as temporary:
        home, app = Path(temporary) / "home", Path(temporary) / "cdk"
        notify("Installing the AWS CDK in a temporary folder.")
        app.mkdir()
        (app / "app.js").write_text(_APP)
        seconds_of(["npm", "install", "--silent", "--no-audit", "--no-fund", *_PACKAGES], app, os.environ)
        ensure_running(home)
        try:
            stack = copy_of(project, Path(temporary) / "stack", phase="optimization", tier="small")
            notify("Deploying the dev stack: optimization, small.")
            run_tierup(home, stack, "up")
            return _measure(home, stack, app, runs, notify)
        finally:
            stop(home)


def _measure(home: Path, stack: Path, app: Path, runs: int, notify: Notify) -> CdkBenchmarkResult:
    count = resource_count(home, find(stack).name)
    synth = ["npx", "cdk", "synth", "--app", "node app.js", "--quiet", "--no-notices", "--no-version-reporting"]
    environment = {**os.environ, "COUNT": str(count)}
    run_tierup(home, stack, "preview")  # warms caches
    seconds_of(synth, app, environment)
    previews: list[float] = []
    synths: list[float] = []
    for number in range(runs):
        previews.append(run_tierup(home, stack, "preview"))
        synths.append(seconds_of(synth, app, environment))
        notify(f"Run {number + 1} of {runs}: tierup {previews[-1]:.2f} s, cdk {synths[-1]:.2f} s")
    return CdkBenchmarkResult(
        resources=count, runs=runs, preview=statistics.median(previews), synth=statistics.median(synths)
    )
