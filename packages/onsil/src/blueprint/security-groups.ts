import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Service } from '../config/service.ts';
import { accept } from './acknowledged.ts';
import type { Network } from './network.ts';

const ANYWHERE = '0.0.0.0/0';

/** An address block that may reach, or be reached at, one TCP port. */
interface Rule {
  readonly cidr: string;
  readonly port: number;
  readonly why: string;
}

/**
 * The four security groups of the article, as its tables have them, and what they lack: a group
 * for the NAT instance, and the app group's rule for itself (gateway → api). Two of the tables'
 * rules are needless, since security groups are stateful, and are kept because the tables have them:
 * 443 into the bastion and 80 and 443 into the app tier, "for reaching out".
 */
export class SecurityGroups extends Construct {
  readonly bastion: CfnSecurityGroup;
  readonly nat: CfnSecurityGroup;
  readonly edge: CfnSecurityGroup;
  readonly app: CfnSecurityGroup;
  readonly database: CfnSecurityGroup;

  constructor(
    scope: Construct,
    id: string,
    service: Service,
    network: Network,
    administratorCidr: string,
  ) {
    super(scope, id);
    const group = (name: string, description: string, ingress: readonly Rule[], egress?: Rule[]) =>
      this.group(network.vpcId, name, description, ingress, egress);
    const inward = (port: number, what: string) =>
      [network.app, network.database].map(({ cidr }) => ({
        cidr,
        port,
        why: `${what} of ${cidr}`,
      }));

    this.bastion = group('Bastion', 'Bastion: the way in for the administrator', [
      { cidr: administratorCidr, port: 22, why: 'ssh of the administrator' },
      { cidr: administratorCidr, port: 443, why: 'https of the administrator, as in the table' },
    ]);
    accept(
      this.bastion,
      'EC23',
      'The source is a parameter, which the rule cannot read; its pattern refuses the whole Internet.',
    );
    this.edge = group('Edge', 'Edge: public HTTP and HTTPS', [
      { cidr: ANYWHERE, port: 80, why: 'HTTP: redirect to HTTPS and ACME challenges' },
      { cidr: ANYWHERE, port: 443, why: 'HTTPS: the site' },
    ]);
    accept(this.edge, 'EC23', 'The edge is the public entrance: 80 and 443 are open to everyone.');
    this.app = group('App', 'App tier: web, gateway and api', []);
    this.database = group('Database', 'Database tier', []);
    this.nat = group(
      'Nat',
      'NAT instance: HTTP and HTTPS from the private tiers to the Internet',
      [...inward(80, 'outbound HTTP'), ...inward(443, 'outbound HTTPS')],
      [
        { cidr: ANYWHERE, port: 80, why: 'HTTP to the Internet (packages)' },
        { cidr: ANYWHERE, port: 443, why: 'HTTPS to the Internet (packages, open APIs, AWS)' },
      ],
    );

    const ports: readonly (readonly [number, string])[] = [
      [service.api.port, 'requests to the API, as in the table'],
      [service.web.port, 'requests to the web server'],
      [80, 'requests to the gateway'],
      [443, 'https, as in the table'],
    ];
    this.from(this.bastion, this.app, 22, 'Bastion', 'ssh through the bastion');
    for (const [port, why] of new Map(ports)) this.from(this.edge, this.app, port, 'Edge', why);
    this.from(this.app, this.app, service.api.port, 'App', 'gateway to api: missing in the table');
    this.from(this.bastion, this.database, 22, 'Bastion', 'ssh through the bastion');
    this.from(this.app, this.database, 3306, 'App', 'queries of the API');
    this.from(this.bastion, this.nat, 22, 'Bastion', 'ssh through the bastion');
  }

  private group(
    vpcId: string,
    name: string,
    groupDescription: string,
    ingress: readonly Rule[],
    egress?: readonly Rule[],
  ): CfnSecurityGroup {
    const everything = { ipProtocol: '-1', cidrIp: ANYWHERE, description: 'everything outward' };
    const made = new CfnSecurityGroup(this, name, {
      vpcId,
      groupDescription,
      ...(ingress.length === 0 ? {} : { securityGroupIngress: ingress.map(tcp) }),
      securityGroupEgress: egress?.map(tcp) ?? [everything],
    });
    Tags.of(made).add('Name', name.toLowerCase());
    return made;
  }

  /** A rule that names a group is a resource of its own: groups may name each other. */
  private from(
    source: CfnSecurityGroup,
    target: CfnSecurityGroup,
    port: number,
    sourceName: string,
    description: string,
  ): void {
    new CfnSecurityGroupIngress(target, `From${sourceName}${port}`, {
      groupId: target.attrGroupId,
      sourceSecurityGroupId: source.attrGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description,
    });
  }
}

function tcp({ cidr, port, why }: Rule) {
  return { ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIp: cidr, description: why };
}
