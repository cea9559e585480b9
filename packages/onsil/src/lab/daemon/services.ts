/** The services that a lab's instances find, on the lab's own addresses. */
import { inspect } from 'node:util';
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
import { labFolders } from '../layout.ts';
import type { Authority } from '../services/authority.ts';
import type { LabControl } from '../services/aws/operation.ts';
import type { SecretStore } from '../services/aws/secretsmanager/secret-store.ts';
import type { ObjectStore } from '../services/object-store.ts';
import { type Services, type ServicesOptions, startServices } from '../services/services.ts';
import type { ParameterStore } from '../services/ssm.ts';
import type { StackService } from '../stacks/stack-service.ts';
import type { SignalBox } from './signals.ts';
import type { World } from './world.ts';

export interface LabServicesOptions extends Pick<ServicesOptions, 'secretValue'> {
  readonly lab: string;
  readonly world: World;
  /** SecureString parameters, and what instances put. */
  readonly parameters: ParameterStore;
  readonly secrets: SecretStore;
  readonly signals: SignalBox;
  readonly authority: Authority;
  readonly objects: ObjectStore;
  readonly control: LabControl;
  readonly stacks: StackService;
  /** Keys of the lab's administrator. */
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export async function startLabServices(options: LabServicesOptions): Promise<Services> {
  const { lab, world, signals, authority, objects, parameters, secrets, secretValue } = options;
  return startServices({
    region: () => world.region,
    whoIs: (address) => world.whoIs(address),
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
    ...{ parameters, secrets, secretValue },
    ...{ control: options.control, stacks: options.stacks, administrator: options.keys },
    onSignal: (handleId, signal) => signals.receive(handleId, signal),
    onError: (cause) => process.stderr.write(`${inspect(cause)}\n`),
  });
}
