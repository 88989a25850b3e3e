# Rejected: policy-items
import pulumi_aws as aws

aws.cloudfront.OriginRequestPolicy(
    "p",
    cookies_config={"cookie_behavior": "none"},
    query_strings_config={"query_string_behavior": "none"},
    headers_config={"header_behavior": "whitelist", "headers": {"items": [f"X-{i}" for i in range(11)]}},
)
