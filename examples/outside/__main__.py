"""Deploys the faulty program, or the clean one when `outside:clean` is true."""

import pulumi

if pulumi.Config("outside").get_bool("clean"):
    import clean

    clean.deploy()
else:
    import faulty

    faulty.deploy()
