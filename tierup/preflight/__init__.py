"""`tierup preflight`: checks the accounts of a stack before the first `up`, without a change.

Each module of an area holds its checks in a tuple `CHECKS`; `registry` puts them together. A check is a function from
the context to findings. The modules:

- `check`: statuses, findings and checks; `runner`: runs them side by side, each with a time-out;
- `stack_plan`: the stack's configuration, and the resources of its program; `planned_program` runs the program;
- `context`: what every check gets: the plan, and clients of the clouds (`aws_clients`, `http_client`);
- `aws_account`, `linked_roles`, `quotas`, `zones`, `domain`, `certificate`, `names`, `budget`: AWS;
- `quota_table`: the quotas; `quota_needs` and `quota_use`: what a stack needs of them, and what others use;
- `cloudflare_zone`, `atlas`: the other clouds; `backend`, `secrets_provider`: Pulumi;
- `report`: the table and the JSON document.
"""
