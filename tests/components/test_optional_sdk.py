"""SDKs that only some programs use are loaded at their first use, and no part of tierup loads them earlier."""

from __future__ import annotations

import json
import subprocess
import sys

EARLIER = """
import json, sys
from pathlib import Path
from stacks import architecture
from tierup.deployment.engine_process import drop_program_modules
from tierup.sandbox.schema import EXTRAS, PACKAGES

PACKAGES["datadog"]
registered = {name for name in EXTRAS.values() if name in sys.modules}
loaded = lambda: [name for name in registered if len(object.__getattribute__(sys.modules[name], "__dict__")) > 20]
before = loaded()
drop_program_modules(Path.cwd())
print(json.dumps([sorted(registered), before + loaded()]))
"""


def test_a_run_of_the_program_and_the_sandbox_loads_no_sdk_of_a_vendor() -> None:
    """pulumi_datadog takes a gigabyte of memory and 15 seconds, also of those who do not use Datadog."""
    run = subprocess.run([sys.executable, "-c", EARLIER], capture_output=True, text=True, check=True, timeout=120)
    registered, loaded = json.loads(run.stdout)
    assert {"pulumi_datadog", "pulumi_newrelic"} <= set(registered)
    assert loaded == []
