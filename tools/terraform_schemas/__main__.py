"""Writes what a Terraform provider's source states about the inputs of its resources to the sandbox's table.

    go run tools/terraform_schemas/main.go aws CHECKOUT/internal/service CHECKOUT/names > aws.json
    python -m tools.terraform_schemas aws aws.json

The checkouts are hashicorp/terraform-provider-aws, mongodb/terraform-provider-mongodbatlas (internal/service) and
cloudflare/terraform-provider-cloudflare (internal/services). Enter the commit in
tierup/sandbox/terraform_schemas/__init__.py.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tierup.sandbox.schema import schema
from tierup.sandbox.terraform_schemas import FOLDER

from .facts import facts
from .mapping import types


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.terraform_schemas", description=__doc__)
    parser.add_argument("package", choices=("aws", "cloudflare", "mongodbatlas"), help="the provider")
    parser.add_argument("resources", type=Path, help="the output of main.go")
    options = parser.parse_args()
    resources: dict[str, Any] = json.loads(options.resources.read_text(encoding="utf-8"))
    found = {token: facts(resources[name], schema(token)) for name, token in types(options.package, resources)}
    lines = [f"{json.dumps(token)}: {json.dumps(found[token])}" for token in sorted(found) if found[token]]
    target = FOLDER / f"{options.package}.json"
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{target}: {len(lines)} types.")


if __name__ == "__main__":
    main()
