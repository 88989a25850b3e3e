"""Up, preview, refresh and destroy: the engine's own operations, with progress, recovery and readable errors.

One operation is one process of the Pulumi CLI. It is started with its event stream as JSON, and with a language host in
this process (`PULUMI_DEBUG_LANGUAGES`), so that a run starts Python once and not three times. The `Stack` class of
Pulumi's Automation API starts the CLI six times for one `up` (version, select, up, outputs twice, history), which would
double the time of a run in the sandbox (docs/adr/0009-engine-driver-beside-automation-api.md). The modules:

- `project`, `sandbox_backend`, `accounts`: where an operation runs, and with which environment;
- `engine_process`: starts the engine, forwards its events, passes Ctrl-C to it;
- `progress`, `display`: the meaning of the events, and how they are shown;
- `locks`, `checkpoint`, `recovery`: what a killed run left, and how it is recovered;
- `error_messages`, `errors`: one message and an exit code for each error;
- `operation`: one operation from start to end; `summary`: what is printed after it.
"""
