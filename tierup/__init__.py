"""The `tierup` command and what it runs. `cli` has the commands, and each other folder what one of them does.

- `deployment`: up, preview, refresh and destroy, with recovery and readable errors.
- `switch`: changes of tier, phase and other settings in safe steps.
- `preflight`, `account_bootstrap`: checks of an account before the first `up`, and what it needs.
- `check`: evaluates stacks with the policy pack.
- `cost`: estimates from list prices (`prices.yaml`).
- `engine`: the Pulumi CLI and the language host.
- `sandbox`: the local cloud. Its folder has a file for each service, and `traffic` the durations of operations.
"""
