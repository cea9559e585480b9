/**
 * What becomes of public templates, worked out by hand from their text. The templates are not ours
 * and stay outside of the repository, in a folder beside it. Read by the tests of the region and by
 * those that send packets.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the repository; absent on most machines. */
export const TEMPLATES = fileURLToPath(
  new URL('../../../../../shared/templates/', import.meta.url),
);
/** Said where the tests that need them are skipped. */
export const WHY_SKIPPED = existsSync(TEMPLATES) ? '' : ` (skipped: there is no ${TEMPLATES})`;

/** Whose default images they name. */
export const REGION = 'us-east-1';
/** Of the lab's administrator, as `My IP` of a console. */
export const MY_IP = '198.51.100.10';

export interface Connection {
  /** A host by its name, or `internet`, `admin` (`MY_IP`); an interface endpoint by its logical id. */
  readonly from: string;
  readonly to: string;
  /** A TCP port, or ICMP's echo. */
  readonly port: number | 'ping';
  readonly allowed: boolean;
}

export interface TemplateExpectation {
  readonly file: string;
  /** Those that the template asks for and no region can offer. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A key pair that the author's account had. */
  readonly keyPair?: string;
  /** A stack of this name and file comes first: its exports are imported. */
  readonly after?: { readonly stackName: string; readonly file: string };
  readonly outcome:
    | {
        readonly kind: 'runs';
        /** Names of all instances. */
        readonly hosts: readonly string[];
        /** Types that are recorded, not run. */
        readonly recorded?: readonly string[];
      }
    /** A part of the message: it does not run by itself on AWS either. */
    | { readonly kind: 'reported'; readonly message: string };
  readonly connections?: readonly Connection[];
}

const to = (host: string) => ({
  from: (from: string, port: Connection['port'], allowed: boolean): Connection => ({
    ...{ from, to: host, port, allowed },
  }),
});
const runs = (...hosts: readonly string[]) => ({ kind: 'runs', hosts }) as const;

const FIREWALL = 'AWS in Action: chapter 6 (firewall)';
const BLOCKS = {
  VpcCidrParam: '10.0.0.0/16',
  PublicAZASubnetBlock: '10.0.32.0/20',
  PublicAZBSubnetBlock: '10.0.96.0/20',
  PublicAZCSubnetBlock: '10.0.160.0/20',
  PrivateAZASubnetBlock: '10.0.0.0/19',
  PrivateAZBSubnetBlock: '10.0.64.0/19',
  PrivateAZCSubnetBlock: '10.0.128.0/19',
};

export const EXPECTATIONS: readonly TemplateExpectation[] = [
  {
    file: '1Strategy-vpc-starter-template--network.yaml',
    parameters: BLOCKS,
    outcome: runs(),
  },
  {
    file: '1Strategy-vpc-starter-template--network.yaml',
    outcome: {
      kind: 'reported',
      message: 'Parameters.VpcCidrParam: The parameter (String) has no',
    },
  },
  {
    file: 'AWSinAction-code2--chapter06-firewall2.yaml',
    parameters: { KeyName: 'onsil' },
    outcome: runs(FIREWALL),
    connections: [
      to(FIREWALL).from('internet', 'ping', true),
      to(FIREWALL).from('internet', 22, false),
    ],
  },
  {
    // The author's own key pair is its default.
    file: 'AWSinAction-code2--chapter06-firewall2.yaml',
    outcome: {
      kind: 'reported',
      message: '"mykey" is not a key pair of this region; it has onsil.',
    },
  },
  {
    file: 'AWSinAction-code2--chapter06-firewall4.yaml',
    parameters: { KeyName: 'onsil', IpForSSH: MY_IP },
    outcome: runs(FIREWALL),
    connections: [to(FIREWALL).from('admin', 22, true), to(FIREWALL).from('internet', 22, false)],
  },
  {
    file: 'AWSinAction-code2--chapter06-firewall5.yaml',
    parameters: { KeyName: 'onsil', IpForSSH: MY_IP },
    outcome: runs('Bastion Host', 'Instance 1', 'Instance 2'),
    connections: [
      to('Instance 1').from('Bastion Host', 22, true),
      to('Instance 2').from('Instance 1', 22, false),
      to('Bastion Host').from('Instance 1', 22, false),
      to('Bastion Host').from('Instance 1', 'ping', true),
      to('Bastion Host').from('admin', 22, true),
    ],
  },
  {
    file: 'AWSinAction-code3--chapter05-firewall3.yaml',
    outcome: runs('AWS in Action: chapter 5 (firewall)'),
    connections: [
      to('AWS in Action: chapter 5 (firewall)').from('internet', 80, true),
      to('AWS in Action: chapter 5 (firewall)').from('internet', 22, false),
    ],
  },
  {
    // Three VPCs that the reader of the course is to peer: until then nobody reaches anybody, but
    // for the endpoint in VPC A, in a group that lets its members in.
    file: 'acantril-aws-sa-associate-saac02--17-VPC-Advanced-02_vpc_peering-01_DEMOSETUP-01_A4L_threevpcs_v1.yaml',
    outcome: runs('A4L-EC2VPCA', 'A4L-EC2VPCB', 'A4L-EC2VPCC'),
    connections: [
      to('A4L-EC2VPCB').from('A4L-EC2VPCA', 22, false),
      to('A4L-EC2VPCC').from('A4L-EC2VPCA', 'ping', false),
      to('ssminterfaceendpoint').from('A4L-EC2VPCA', 443, true),
      to('ssminterfaceendpoint').from('A4L-EC2VPCC', 443, false),
    ],
  },
  {
    file: 'aws-cloudformation-aws-cloudformation-templates--EC2-EC2InstanceWithSecurityGroupSample.yaml',
    outcome: runs('EC2Instance'),
    // 192.168.1.0/0 is everybody.
    connections: [
      to('EC2Instance').from('internet', 22, true),
      to('EC2Instance').from('internet', 80, false),
    ],
  },
  {
    file: 'aws-cloudformation-aws-cloudformation-templates--EC2-EIP_With_Association.yaml',
    outcome: runs('EC2Instance'),
    connections: [
      to('EC2Instance').from('internet', 22, true),
      to('EC2Instance').from('internet', 443, false),
    ],
  },
  {
    file: 'aws-cloudformation-aws-cloudformation-templates--EC2-InstanceWithCfnInit.yaml',
    keyPair: 'sample',
    outcome: runs('Instance'),
    // In the default group, which lets its members in only.
    connections: [
      to('Instance').from('internet', 22, false),
      to('internet').from('Instance', 443, true),
    ],
  },
  {
    file: 'aws-cloudformation-aws-cloudformation-templates--VPC-VPC_EC2_Instance_With_Multiple_Static_IPAddresses.yaml',
    parameters: { PrimaryIPAddress: '172.31.0.10', SecondaryIPAddress: '172.31.0.11' },
    outcome: runs('myInstance'),
    connections: [
      to('myInstance').from('internet', 22, true),
      to('myInstance').from('internet', 80, false),
    ],
  },
  {
    // Its instance profile is another stack's, which is not among these files.
    file: 'aws-samples-cfn101-workshop--code-solutions-cross-stacks-ec2.yaml',
    after: {
      stackName: 'cfn-workshop-vpc',
      file: 'aws-samples-cfn101-workshop--code-solutions-cross-stacks-vpc.yaml',
    },
    outcome: {
      kind: 'reported',
      message:
        'No export named cfn-workshop-WebServerInstanceProfile found; exported are cfn-workshop-VpcId, cfn-workshop-PublicSubnet1, cfn-workshop-PublicSubnet2.',
    },
  },
  {
    file: 'aws-samples-cfn101-workshop--code-solutions-cross-stacks-vpc.yaml',
    outcome: runs(),
  },
  {
    file: 'aws-samples-cfn101-workshop--code-solutions-helper-scripts.yaml',
    outcome: runs('Test-webserver'),
    connections: [
      to('Test-webserver').from('internet', 80, true),
      to('Test-webserver').from('internet', 22, false),
    ],
  },
  {
    file: 'aws-samples-cfn101-workshop--code-solutions-user-data.yaml',
    outcome: runs('Test-webserver'),
    connections: [
      to('Test-webserver').from('internet', 80, true),
      to('Test-webserver').from('internet', 443, false),
    ],
  },
  {
    file: 'aws-samples-vpc-multi-tier--vpc-multi-tier.yaml',
    outcome: runs(),
  },
  {
    file: 'cloudtools-troposphere--tests-examples_output-NatGateway.json',
    outcome: runs(),
  },
  {
    file: 'comcalvi-aws-cdk--packages-aws-cdk-testing-framework-integ-test-aws-ec2-test-integ.instance-public.js.snapshot-integ-ec2-instance.template.json',
    outcome: runs('integ-ec2-instance/Instance'),
    connections: [
      to('integ-ec2-instance/Instance').from('internet', 'ping', true),
      to('integ-ec2-instance/Instance').from('internet', 22, false),
    ],
  },
  {
    file: 'jennapederson-cloudformation-examples--03_ec2.yaml',
    keyPair: 'jenna',
    outcome: runs('WebAppInstance'),
    connections: [
      to('WebAppInstance').from('internet', 443, true),
      to('WebAppInstance').from('internet', 8080, false),
    ],
  },
  {
    // It names the author's key pair itself, in no parameter.
    file: 'jennapederson-cloudformation-examples--03_ec2.yaml',
    outcome: {
      kind: 'reported',
      message: '"jenna" is not a key pair of this region; it has onsil.',
    },
  },
  {
    file: 'thinegan-cloudformation-vpc--infrastructure-vpc-vpc.yaml',
    parameters: {
      PMServerEnv: 'dev',
      PMVpcCIDR: '10.0.0.0/16',
      PMPublicSubnet1CIDR: '10.0.1.0/24',
      PMPublicSubnet2CIDR: '10.0.2.0/24',
      PMPrivateSubnet1CIDR: '10.0.3.0/24',
      PMPrivateSubnet2CIDR: '10.0.4.0/24',
      PMFlowLogRole: 'arn:aws:iam::123456789012:role/flow-logs',
    },
    outcome: runs(),
  },
  {
    file: 'toddm92-cfn-templates--templates-bastion-template.json',
    outcome: runs('asBastiongroup-1'),
    connections: [
      to('asBastiongroup-1').from('internet', 22, false),
      to('internet').from('asBastiongroup-1', 443, true),
    ],
  },
  {
    file: 'toddm92-cfn-templates--templates-nat-instance-template.json',
    outcome: runs('natgw-dev-az1'),
    connections: [
      to('natgw-dev-az1').from('internet', 443, false),
      to('internet').from('natgw-dev-az1', 443, true),
    ],
  },
  {
    // The stack of its VPC is from a template that is not among these files.
    file: 'widdix-aws-cf-templates--vpc-vpc-nat-instance.yaml',
    parameters: { ParentVPCStack: 'vpc' },
    outcome: { kind: 'reported', message: 'No export named vpc-VPC found; exported are none.' },
  },
  {
    file: 'widdix-learn-cloudformation--lab08-cfn-init-sample-solution.yaml',
    outcome: runs('lab8-webserver'),
    connections: [
      to('lab8-webserver').from('internet', 80, true),
      to('lab8-webserver').from('internet', 22, false),
    ],
  },
  {
    file: 'widdix-learn-cloudformation--lab09-rolling-update-demo.yaml',
    outcome: runs('AutoScalingGroup-1'),
    connections: [
      to('AutoScalingGroup-1').from('ELB', 80, true),
      to('AutoScalingGroup-1').from('internet', 80, false),
      to('AutoScalingGroup-1').from('internet', 22, true),
    ],
  },
  {
    file: 'yukinobu-aws-nat-instance-network--cf-nat-instance-network.yaml',
    outcome: runs('AutoScalingGroup-1'),
    connections: [
      to('internet').from('AutoScalingGroup-1', 443, true),
      to('AutoScalingGroup-1').from('internet', 80, false),
    ],
  },
];
