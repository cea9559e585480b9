/** A small region for the tests of the services. */
import { emptyRegion, type Region } from '../../region/region.ts';

const tags = {};

/** One VPC with an instance `web` at 10.0.1.5 (public 198.18.0.5), and an empty second VPC. */
export function sampleRegion(change: Partial<Region> = {}): Region {
  const vpc = (id: string) => ({
    id,
    cidrs: ['10.0.0.0/16'],
    ipv6Cidrs: [],
    dnsSupport: true,
    dnsHostnames: true,
    mainRouteTableId: 'rtb-1',
    defaultSecurityGroupId: 'sg-0',
    defaultNetworkAclId: 'acl-1',
    tags,
  });
  const networkInterface = (id: string, vpcId: string, ip: string) => ({
    id,
    vpcId,
    subnetId: 'subnet-1',
    privateIps: [ip],
    ipv6Addresses: [],
    securityGroupIds: ['sg-1', 'sg-2'],
    sourceDestCheck: true,
    macAddress: '02:00:00:00:00:05',
    description: '',
    tags,
  });
  return {
    ...emptyRegion('ap-northeast-2'),
    vpcs: { 'vpc-1': vpc('vpc-1'), 'vpc-2': vpc('vpc-2') },
    subnets: {
      'subnet-1': {
        id: 'subnet-1',
        vpcId: 'vpc-1',
        zone: 'ap-northeast-2a',
        cidr: '10.0.1.0/24',
        mapPublicIpOnLaunch: true,
        routeTableId: 'rtb-1',
        networkAclId: 'acl-1',
        tags,
      },
    },
    securityGroups: Object.fromEntries(
      ['sg-1', 'sg-2'].map((id) => [
        id,
        { id, vpcId: 'vpc-1', name: `${id}-name`, description: '', ingress: [], egress: [], tags },
      ]),
    ),
    networkInterfaces: {
      'eni-1': {
        ...networkInterface('eni-1', 'vpc-1', '10.0.1.5'),
        publicIp: '198.18.0.5',
        attachment: { instanceId: 'i-0123456789abcdef0', deviceIndex: 0 },
      },
      'eni-2': networkInterface('eni-2', 'vpc-2', '10.0.1.6'),
    },
    instances: {
      'i-0123456789abcdef0': {
        id: 'i-0123456789abcdef0',
        name: 'web',
        logicalId: 'Web',
        imageId: 'ami-0123456789abcdef0',
        instanceType: 't4g.nano',
        zone: 'ap-northeast-2a',
        subnetId: 'subnet-1',
        vpcId: 'vpc-1',
        networkInterfaceIds: ['eni-1'],
        keyName: 'administrator',
        instanceProfileName: 'web-profile',
        userData: '#!/bin/sh\necho hello\n',
        metadataOptions: { enabled: true, httpTokens: 'required', hopLimit: 1 },
        privateDnsName: 'ip-10-0-1-5.ap-northeast-2.compute.internal',
        rootVolumeId: 'vol-1',
        tags: { Name: 'web' },
      },
    },
    volumes: {
      'vol-1': {
        id: 'vol-1',
        size: 8,
        type: 'gp3',
        encrypted: true,
        zone: 'ap-northeast-2a',
        root: true,
        attachment: { instanceId: 'i-0123456789abcdef0', device: '/dev/xvda' },
        tags,
      },
    },
    keyPairs: {
      'key-1': { id: 'key-1', name: 'administrator', publicKey: 'ssh-ed25519 AAAA me' },
    },
    roles: {
      AROA1: {
        id: 'AROA1',
        name: 'web-role',
        arn: 'arn:aws:iam::123456789012:role/web-role',
        trusts: ['ec2.amazonaws.com'],
        trust: [
          {
            ...{ effect: 'Allow', actions: ['sts:AssumeRole'], services: ['ec2.amazonaws.com'] },
            principals: ['arn:aws:iam::123456789012:root'],
          },
        ],
        statements: [
          {
            effect: 'Allow',
            actions: ['s3:GetObject'],
            resources: ['arn:aws:s3:::releases/web/*'],
          },
          {
            effect: 'Allow',
            actions: ['ssm:GetParameter*'],
            resources: ['arn:aws:ssm:ap-northeast-2:123456789012:parameter/web/*'],
          },
        ],
        managedPolicyArns: [],
      },
    },
    instanceProfiles: {
      AIPA1: {
        id: 'AIPA1',
        name: 'web-profile',
        arn: 'arn:aws:iam::123456789012:instance-profile/web-profile',
        roleName: 'web-role',
      },
    },
    buckets: { releases: { name: 'releases', versioning: false } },
    ...change,
  };
}
