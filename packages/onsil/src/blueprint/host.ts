import {
  CfnEIP,
  CfnEIPAssociation,
  CfnInstance,
  CfnNetworkInterface,
  type CfnSecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import {
  type CfnResource,
  CfnWaitCondition,
  CfnWaitConditionHandle,
  Fn,
  Tags,
} from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Host as HostKind } from '../config/definition.ts';
import type { Service } from '../config/service.ts';
import { accept } from './acknowledged.ts';
import type { Network, Tier } from './network.ts';
import { keysScript } from './user-data/parts.ts';
import { revision, userData } from './user-data/user-data.ts';

/** Seconds that a host has for its set-up. */
const TIMEOUT = '900';

/** What every host needs of the stack. */
export interface Surroundings {
  readonly service: Service;
  readonly network: Network;
  readonly imageId: string;
  readonly keyName: string;
  /** What must be there before a private host can reach the Internet. */
  readonly wayOut: readonly CfnResource[];
}

export interface HostProps {
  /** The Name tag. */
  readonly name: string;
  readonly kind: HostKind;
  /** What it is for, in a few words: the Purpose tag. */
  readonly purpose: string;
  readonly tier: Tier;
  readonly securityGroup: CfnSecurityGroup;
  /** Bash of the host's own set-up. */
  readonly script: string;
  /** Read by the script; values may be tokens. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Instance profile, where the host asks something of AWS. */
  readonly profile?: string;
  /** none, the automatic address, or an Elastic IP on an interface that outlives the instance. */
  readonly address: 'private' | 'automatic' | 'elastic';
  /** Off where the host forwards what is not addressed to it. */
  readonly sourceDestCheck?: boolean;
}

/** One instance: its interface and address, its user data, and the signal that it is set up. */
export class Host extends Construct {
  readonly instance: CfnInstance;
  readonly privateIp: string;
  /** Present where the address is elastic. */
  readonly networkInterface: CfnNetworkInterface | undefined;
  readonly elasticIp: CfnEIP | undefined;
  /** Complete when the host has signalled that it is set up. */
  readonly ready: CfnWaitCondition;

  constructor(scope: Construct, id: string, around: Surroundings, props: HostProps) {
    super(scope, id);
    const { service, network } = around;
    const script = {
      host: props.name,
      parts: [keysScript(service), props.script],
      variables: { SERVICE: service.name, ...props.variables },
    };
    const version = revision(this, script);
    // A wait condition rather than a CreationPolicy on the instance: with the latter, what must be
    // made after the instance (a volume's attachment, an address) would wait for a signal that
    // cannot come before it is made. A condition completes once, so that a changed script gets new ones.
    const handle = new CfnWaitConditionHandle(this, `ReadyHandle${version}`);
    const elastic = props.address === 'elastic' ? this.elastic(around, props) : undefined;
    this.instance = new CfnInstance(this, 'Instance', {
      imageId: around.imageId,
      instanceType: service.sizes[props.kind],
      keyName: around.keyName,
      ...(props.profile === undefined ? {} : { iamInstanceProfile: props.profile }),
      ...(elastic === undefined
        ? attachment(props)
        : {
            networkInterfaces: [
              { deviceIndex: '0', networkInterfaceId: elastic.networkInterface.ref },
            ],
          }),
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeType: 'gp3', volumeSize: 8, encrypted: true, deleteOnTermination: true },
        },
      ],
      userData: Fn.base64(userData(this, script, handle.ref)),
    });
    Tags.of(this).add('Name', props.name);
    Tags.of(this.instance).add('Purpose', props.purpose);
    accept(
      this.instance,
      'EC28',
      'Detailed monitoring is paid per instance; five minutes are enough here.',
    );
    accept(
      this.instance,
      'EC29',
      'Hosts are replaceable: state is on the data volume and the interfaces with the public addresses, which have lives of their own.',
    );

    const needs: readonly CfnResource[] =
      props.address === 'private' ? around.wayOut : [network.publicRoute];
    for (const need of [...needs, ...(elastic === undefined ? [] : [elastic.association])]) {
      this.instance.addResourceDependency(need);
    }
    this.ready = new CfnWaitCondition(this, `Ready${version}`, {
      handle: handle.ref,
      count: 1,
      timeout: TIMEOUT,
    });
    this.ready.addResourceDependency(this.instance);
    this.networkInterface = elastic?.networkInterface;
    this.elasticIp = elastic?.elasticIp;
    this.privateIp =
      elastic?.networkInterface.attrPrimaryPrivateIpAddress ?? this.instance.attrPrivateIp;
  }

  /** An interface that has its Elastic IP before the instance starts: set-up needs the Internet. */
  private elastic({ network }: Surroundings, props: HostProps) {
    const networkInterface = new CfnNetworkInterface(this, 'NetworkInterface', {
      subnetId: props.tier.subnetId,
      groupSet: [props.securityGroup.attrGroupId],
      sourceDestCheck: props.sourceDestCheck ?? true,
      description: props.name,
    });
    const elasticIp = new CfnEIP(this, 'ElasticIp', { domain: 'vpc' });
    elasticIp.addResourceDependency(network.attachment);
    const association = new CfnEIPAssociation(this, 'ElasticIpAssociation', {
      allocationId: elasticIp.attrAllocationId,
      networkInterfaceId: networkInterface.ref,
    });
    association.addResourceDependency(network.attachment);
    return { networkInterface, elasticIp, association };
  }
}

function attachment({ tier, securityGroup, address }: HostProps) {
  return {
    networkInterfaces: [
      {
        deviceIndex: '0',
        subnetId: tier.subnetId,
        groupSet: [securityGroup.attrGroupId],
        associatePublicIpAddress: address === 'automatic',
        deleteOnTermination: true,
      },
    ],
  };
}
