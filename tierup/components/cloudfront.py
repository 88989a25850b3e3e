"""CloudFront: the distributions of a site and of an API."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.cloudfront.api_distribution import ApiDistribution, ApiDistributionArgs
    from components.cloudfront.distribution import PriceClass
    from components.cloudfront.origins import InternalLoadBalancer, LoadBalancerOrigin
    from components.cloudfront.site_distribution import SiteApi, SiteDistribution, SiteDistributionArgs

__all__ = [
    "ApiDistribution",
    "ApiDistributionArgs",
    "InternalLoadBalancer",
    "LoadBalancerOrigin",
    "PriceClass",
    "SiteApi",
    "SiteDistribution",
    "SiteDistributionArgs",
]
