"""Code that runs in AWS Lambda, deployed file by file: each file may import the standard library and boto3 only."""
