/** The services that a lab's instances find, on the lab's own addresses. */
import { inspect } from 'node:util';
import type { Region } from '../../region/region.ts';
import {
  ACME,
  AWS_ENDPOINTS,
  AWS_S3,
  METADATA,
  OUTSIDE_DNS,
  PUBLIC_DNS,
  TIME,
  VPC_RESOLVER,
} from '../addresses.ts';
import { identities } from '../fabric/identity.ts';
import { labFolders } from '../layout.ts';
import type { Authority } from '../services/authority.ts';
import type { LabControl } from '../services/aws/operation.ts';
import { memorySecretStore } from '../services/aws/secretsmanager/secret-store.ts';
import type { ObjectStore } from '../services/object-store.ts';
import { type Services, startServices } from '../services/services.ts';
import { memoryParameterStore } from '../services/ssm.ts';
import type { StackService } from '../stacks/stack-service.ts';
import type { SignalBox } from './signals.ts';

export interface LabServicesOptions {
  readonly lab: string;
  readonly region: Region;
  /** SecureString parameters by their names. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly signals: SignalBox;
  readonly authority: Authority;
  readonly objects: ObjectStore;
  readonly control: LabControl;
  readonly stacks: StackService;
  /** Keys of the lab's administrator. */
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export async function startLabServices(options: LabServicesOptions): Promise<Services> {
  const { lab, region, secrets, signals, authority, objects } = options;
  const interfaces = identities(region);
  const parameters = [...secrets].map(([name, value]) => ({
    name,
    type: 'SecureString' as const,
    value,
  }));
  return startServices({
    region: () => region,
    whoIs: (address) => interfaces.get(address),
    authority,
    objects,
    folder: labFolders(lab).run,
    listen: {
      vpcResolver: { address: VPC_RESOLVER, port: 53 },
      publicResolver: { address: PUBLIC_DNS, port: 53 },
      metadata: { address: METADATA, port: 80 },
      time: { address: TIME, port: 123 },
      endpoints: { address: AWS_ENDPOINTS, port: 443 },
      s3: { address: AWS_S3, port: 443 },
      acme: { address: ACME, port: 443 },
    },
    upstream: { address: OUTSIDE_DNS, port: 53 },
    parameters: memoryParameterStore(parameters),
    secrets: memorySecretStore(),
    ...{ control: options.control, stacks: options.stacks, administrator: options.keys },
    onSignal: (handleId, signal) => signals.receive(handleId, signal),
    onError: (cause) => process.stderr.write(`${inspect(cause)}\n`),
  });
}
