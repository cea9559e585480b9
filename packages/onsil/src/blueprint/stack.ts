import { type CfnElement, CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { apiNames, databaseSecret, type Service } from '../config/service.ts';
import { Api } from './api.ts';
import { Bastion } from './bastion.ts';
import { Database } from './database.ts';
import { Domain } from './domain.ts';
import { Edge } from './edge.ts';
import { Gateway } from './gateway.ts';
import type { Surroundings } from './host.ts';
import { KeyPair } from './key-pair.ts';
import { Nat } from './nat.ts';
import { Network } from './network.ts';
import { Parameters } from './parameters.ts';
import { statedPolicies } from './policy.ts';
import { Releases } from './releases.ts';
import { Roles } from './roles.ts';
import { SecurityGroups } from './security-groups.ts';
import { Web } from './web.ts';

/** The whole system of one service. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, service: Service, props: StackProps) {
    super(scope, id, props);
    const parameters = new Parameters(this, 'Parameters', service);
    const network = new Network(this, 'Network', service);
    const groups = new SecurityGroups(
      this,
      'SecurityGroup',
      service,
      network,
      parameters.administratorCidr.valueAsString,
    );
    const releases = new Releases(this, 'Releases');
    const roles = new Roles(this, 'Roles', service, releases);
    const open: Surroundings = {
      service,
      network,
      imageId: parameters.image.valueAsString,
      keyName: new KeyPair(
        this,
        'Administrator',
        service,
        parameters.administratorPublicKey.valueAsString,
      ).keyName,
      wayOut: [],
    };

    const bastion = new Bastion(this, 'Bastion', open, groups.bastion);
    const nat = new Nat(this, 'Nat', open, groups.nat);
    const edge = new Edge(this, 'Edge', open, groups.edge);
    const around: Surroundings = {
      ...open,
      wayOut: [nat.ready, ...network.routeOutThrough(nat.networkInterfaceId)],
    };
    const web = new Web(this, 'Web', around, groups.app, releases, roles);
    const gateway = new Gateway(this, 'Gateway', around, groups.app);
    const apis = apiNames(service).map(
      (name) =>
        [
          name,
          new Api(this, logicalName(name), around, name, groups.app, releases, roles),
        ] as const,
    );
    const database = new Database(this, 'Database', around, groups.database, roles);
    const hosts = { bastion, nat, edge, web, gateway, ...Object.fromEntries(apis) };
    const addresses = Object.entries({ ...hosts, database: database.host }).map(
      ([name, host]) => [name, host.privateIp] as const,
    );
    const domain = new Domain(
      this,
      'Domain',
      service,
      network,
      edge.publicIp,
      Object.fromEntries(addresses),
    );

    new CfnOutput(this, 'Site', { value: `https://${service.domain}` });
    new CfnOutput(this, 'BastionAddress', {
      value: bastion.instance.attrPublicIp,
      description: 'ssh enters here',
    });
    new CfnOutput(this, 'NameServers', {
      value: Fn.join(' ', domain.publicZone.attrNameServers),
      description: 'to be entered where the domain is registered',
    });
    this.templateOptions.description = `${service.name}: ${service.domain}, by onsil`;
    this.templateOptions.metadata = { Onsil: this.facts(service, releases) };
  }

  /** What later stages need to know and no resource says, so that none reads the config again. */
  private facts(service: Service, releases: Releases) {
    const bucket = this.getLogicalId(releases.bucket);
    const site = `https://${service.domain}`;
    const release = (app: 'web' | 'api') => ({
      bucket,
      prefix: `releases/${app}/`,
      runtime: service[app].runtime,
    });
    return {
      service: service.name,
      domain: service.domain,
      region: service.region,
      site,
      health: `${site}${service.api.health}`,
      secrets: [databaseSecret(service)],
      releases: {
        web: { ...release('web'), port: service.web.port, health: '/' },
        api: { ...release('api'), port: service.api.port, health: service.api.health },
      },
      administrator: { cidrParameter: 'AdministratorCidr', keyParameter: 'AdministratorPublicKey' },
      policy: statedPolicies(service),
      // Left out where nothing is said: the same template as without the field.
      ...(Object.keys(service.usage).length === 0 ? {} : { usage: service.usage }),
    };
  }

  /** Readable and stable: the path without a hash. Two equal ones fail synthesis. */
  protected override allocateLogicalId(element: CfnElement): string {
    const path = element.node.scopes.slice(2).map((construct) => construct.node.id);
    return path
      .filter((id) => id !== 'Parameters' && id !== 'Host')
      .join('')
      .replaceAll(/[^A-Za-z0-9]/g, '');
  }
}

/** `api-1` → `Api1`. */
function logicalName(name: string): string {
  return name.replace('api-', 'Api');
}
