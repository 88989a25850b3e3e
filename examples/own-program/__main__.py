"""The Pulumi program. `shop.py` creates its resources."""

import pulumi
from shop import create

service = create()
pulumi.export("service", service.service_name)
