/** Whom AWS takes us for, and what the account has room for. */
import type { Environment } from './environment.ts';

export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function callerIdentity({ region }: Environment): Promise<Identity> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ region });
  try {
    const { Account: account = '', Arn: arn = '' } = await client.send(
      new GetCallerIdentityCommand({}),
    );
    return { account, arn };
  } finally {
    client.destroy();
  }
}

export interface AddressRoom {
  readonly used: number;
  /** Elastic IPs that the account may have in the region. */
  readonly quota: number;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html */
export async function addressRoom({ region }: Environment): Promise<AddressRoom> {
  const { EC2Client, DescribeAccountAttributesCommand, DescribeAddressesCommand } = await import(
    '@aws-sdk/client-ec2'
  );
  const client = new EC2Client({ region });
  try {
    const [{ AccountAttributes = [] }, { Addresses = [] }] = await Promise.all([
      client.send(new DescribeAccountAttributesCommand({})),
      client.send(new DescribeAddressesCommand({})),
    ]);
    const values = AccountAttributes.find(({ AttributeName }) => AttributeName === QUOTA);
    const quota = Number(values?.AttributeValues?.[0]?.AttributeValue);
    if (!Number.isInteger(quota)) throw new Error(`EC2 does not say what ${QUOTA} is.`);
    return { used: Addresses.length, quota };
  } finally {
    client.destroy();
  }
}

const QUOTA = 'vpc-max-elastic-ips';
