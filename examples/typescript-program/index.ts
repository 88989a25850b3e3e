import * as pulumi from "@pulumi/pulumi";
import { LogBucket, Network } from "./components";

const config = new pulumi.Config();
const accountId = config.get("accountId") ?? "111122223333";
const region = "eu-west-1";
const tags = { Project: pulumi.getProject() };

const network = new Network("shop", {
    vpcCidr: "10.40.0.0/16",
    availabilityZones: [`${region}a`, `${region}b`],
    accountId,
    region,
    flowLogRetentionDays: 30,
    tags,
});
const logs = new LogBucket("shop-logs", { accountId, region, retentionDays: 30, tags });

export const vpcId = network.vpcId;
export const zones = network.publicSubnetIds.apply((ids) => Object.keys(ids).sort());
export const logBucket = logs.bucketName;
