"""The policy pack: the guide's checklist as rules for any Pulumi program on AWS, MongoDB Atlas and Cloudflare.

It uses type tokens and property names only, and imports nothing from the rest of the project, so that
`pulumi preview --policy-pack policies` works on programs that do not use tierup.
"""

PACK = "tierup"
"""The pack's name, the same as in PulumiPolicy.yaml."""
