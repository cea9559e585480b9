import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import { Fn, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Service } from '../config/service.ts';
import { accept } from './acknowledged.ts';

const ANYWHERE = '0.0.0.0/0';

/** One tier: a subnet with a route table of its own. */
export class Tier extends Construct {
  readonly subnetId: string;
  readonly cidr: string;
  readonly routeTableId: string;

  constructor(scope: Construct, id: string, vpcId: string, cidr: string) {
    super(scope, id);
    // One zone to begin with: traffic between zones is paid for, and a second zone would need a
    // second NAT instance to be worth anything.
    const subnet = new CfnSubnet(this, 'Subnet', {
      vpcId,
      cidrBlock: cidr,
      availabilityZone: Fn.select(0, Fn.getAzs()),
    });
    const routeTable = new CfnRouteTable(this, 'RouteTable', { vpcId });
    new CfnSubnetRouteTableAssociation(this, 'RouteTableAssociation', {
      subnetId: subnet.ref,
      routeTableId: routeTable.ref,
    });
    Tags.of(this).add('Name', id.toLowerCase());
    this.subnetId = subnet.ref;
    this.cidr = cidr;
    this.routeTableId = routeTable.ref;
  }
}

/** The VPC: three tiers, three route tables, one Internet gateway. */
export class Network extends Construct {
  readonly vpcId: string;
  readonly cidr: string;
  readonly public: Tier;
  readonly app: Tier;
  readonly database: Tier;
  readonly attachment: CfnVPCGatewayAttachment;
  /** The public tier's way to the Internet. */
  readonly publicRoute: CfnRoute;

  constructor(scope: Construct, id: string, service: Service) {
    super(scope, id);
    const { cidr, subnets } = service.network;
    // Private hosted zones need both: hosted-zone-private-considerations.
    const vpc = new CfnVPC(this, 'Vpc', {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    Tags.of(vpc).add('Name', service.name);
    accept(
      vpc,
      'VPC7',
      'Flow logs of a small service cost more than its NAT instance; they are switched on when there is something to look for.',
    );
    const gateway = new CfnInternetGateway(this, 'InternetGateway');
    Tags.of(gateway).add('Name', service.name);
    this.attachment = new CfnVPCGatewayAttachment(this, 'InternetGatewayAttachment', {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });
    this.public = new Tier(this, 'Public', vpc.ref, subnets.public);
    this.app = new Tier(this, 'App', vpc.ref, subnets.app);
    this.database = new Tier(this, 'Database', vpc.ref, subnets.database);
    this.publicRoute = new CfnRoute(this, 'PublicDefaultRoute', {
      routeTableId: this.public.routeTableId,
      destinationCidrBlock: ANYWHERE,
      gatewayId: gateway.ref,
    });
    this.publicRoute.addResourceDependency(this.attachment);
    this.vpcId = vpc.ref;
    this.cidr = cidr;
  }

  /** Sends what the private tiers have for the outside through an interface, the NAT instance's. */
  routeOutThrough(networkInterfaceId: string): readonly CfnRoute[] {
    return [this.app, this.database].map(
      (tier) =>
        new CfnRoute(tier, 'DefaultRoute', {
          routeTableId: tier.routeTableId,
          destinationCidrBlock: ANYWHERE,
          networkInterfaceId,
        }),
    );
  }
}
