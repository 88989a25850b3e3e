"""The `tierup` command and what it runs. `cli` has the commands, and each other folder what one or a few of them do.

- `deployment`: up, preview, refresh and destroy, with recovery and readable errors.
- `switch`: changes of tier, phase and other settings in safe steps.
- `release`, `site`: deploys an image or the built site alone, and rolls it back.
- `failover`: moves the primary role and the traffic to another region.
- `preflight`, `account_bootstrap`: checks of an account before the first `up`, and what it needs.
- `check`: evaluates stacks with the policy pack.
- `cost`: estimates from list prices (`prices.yaml`). `capacity`, `advise`: the sizes that users and metrics need.
- `ci`, `copilot_import`, `operations`: reports for workflows, the import of Copilot manifests, MongoDB indexes.
- `components`, `component_package`: the folder `components/` as a public API, for Python and for other languages.
- `engine`: the Pulumi CLI and the language host.
- `sandbox`: the local cloud. Its folder has a file for each service, and `traffic` the durations of operations.
"""
