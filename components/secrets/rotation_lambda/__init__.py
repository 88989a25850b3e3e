"""Code that runs in AWS Lambda, shipped there file by file: each may import the standard library and boto3 only."""
