"""The policy pack: the guide's checklist as rules that evaluate any Pulumi program on AWS and MongoDB Atlas.

It knows type tokens and properties, and imports nothing of the rest of the project, so that
`pulumi preview --policy-pack policies` works on a program that has never heard of tierup.
"""

PACK = "tierup"
"""The pack's name, as PulumiPolicy.yaml has it."""
