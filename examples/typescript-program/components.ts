// The components of tierup that this program uses, by their type tokens. `pulumi package add` generates an SDK with all
// of them and their types.
import * as pulumi from "@pulumi/pulumi";

export interface NetworkArgs {
    vpcCidr: string;
    availabilityZones: string[];
    accountId: pulumi.Input<string>;
    region: pulumi.Input<string>;
    flowLogRetentionDays: number;
    tags: { [name: string]: string };
}

export class Network extends pulumi.ComponentResource {
    public readonly vpcId!: pulumi.Output<string>;
    public readonly publicSubnetIds!: pulumi.Output<{ [zone: string]: string }>;

    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("tierup:index:Network", name, { vpcId: undefined, publicSubnetIds: undefined, ...args }, opts, true);
    }
}

export interface LogBucketArgs {
    accountId: pulumi.Input<string>;
    region: pulumi.Input<string>;
    retentionDays: number;
    tags: { [name: string]: string };
}

export class LogBucket extends pulumi.ComponentResource {
    public readonly bucketName!: pulumi.Output<string>;

    constructor(name: string, args: LogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
        super("tierup:index:LogBucket", name, { bucketName: undefined, ...args }, opts, true);
    }
}
