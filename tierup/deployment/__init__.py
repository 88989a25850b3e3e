"""Up, preview, refresh and destroy: the engine's own operations, with progress, recovery and plain sentences.

One operation is one process of the Pulumi CLI. It is started with its stream of events as JSON, and with a language
host that lives in this process (`PULUMI_DEBUG_LANGUAGES`), so that a run costs one start of Python, not three. The
`Stack` of Pulumi's Automation API starts the CLI six times for one `up` (version, select, up, outputs twice, history),
which would double the time of a rehearsal. The pieces:

- `project`, `rehearsal`, `accounts`: where an operation works, and with which environment;
- `engine_process`: starts the engine, hands on its events, passes Ctrl-C to it;
- `progress`, `display`: what the events mean, and how that looks;
- `locks`, `checkpoint`, `recovery`: what a killed run left, and how it is taken over;
- `sentences`, `failure`: what went wrong, in one sentence, and the exit code;
- `operation`: one operation from start to end; `summary`: what is printed after it.
"""
