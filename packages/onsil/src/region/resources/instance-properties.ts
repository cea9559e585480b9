/**
 * What an instance is made of, from its own properties or its launch template.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-instance.html
 */
import type { MetadataOptions } from '../instance.ts';
import type { Region, Tags } from '../region.ts';
import type { Properties } from './properties.ts';

/** Of an instance. */
export const WITHOUT_EFFECT = [
  'Affinity',
  'CpuOptions',
  'CreditSpecification',
  'DisableApiTermination',
  'EbsOptimized',
  'EnclaveOptions',
  'HibernationOptions',
  'HostId',
  'InstanceInitiatedShutdownBehavior',
  'Monitoring',
  'PlacementGroupName',
  'PrivateDnsNameOptions',
  'PropagateTagsToVolumeOnCreation',
  'SsmAssociations',
  'Tenancy',
] as const;

/** In a launch template these stand for some of them, or beside them. */
const WITHOUT_EFFECT_IN_TEMPLATES = [
  'DisableApiStop',
  'InstanceMarketOptions',
  'Placement',
] as const;

/** Of an instance, beside its launch template. */
export const REAL_PROPERTIES = [
  'AvailabilityZone',
  'BlockDeviceMappings',
  'IamInstanceProfile',
  'ImageId',
  'InstanceType',
  'Ipv6AddressCount',
  'Ipv6Addresses',
  'KeyName',
  'MetadataOptions',
  'NetworkInterfaces',
  'PrivateIpAddress',
  'SecurityGroupIds',
  'SecurityGroups',
  'SourceDestCheck',
  'SubnetId',
  'Tags',
  'UserData',
  'Volumes',
] as const;

/** Every property of an instance or of a launch template's data that onsil knows. */
export const INSTANCE_PROPERTIES = [
  ...WITHOUT_EFFECT,
  ...WITHOUT_EFFECT_IN_TEMPLATES,
  ...REAL_PROPERTIES,
  'TagSpecifications',
] as const;

/** Bytes, before base64. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const USER_DATA_LIMIT = 16_384;

export interface InstanceBasics {
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName?: string;
  readonly instanceProfileName?: string;
  readonly userData?: string;
  readonly metadataOptions: MetadataOptions;
  readonly tags: Tags;
}

/** Everything but the network and the volumes. */
export function basicsOf(region: Region, properties: Properties): InstanceBasics {
  properties.ignore(...WITHOUT_EFFECT, ...WITHOUT_EFFECT_IN_TEMPLATES);
  const imageId = properties.requiredText('ImageId');
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html gives this default.
  const instanceType = properties.text('InstanceType') ?? 'm1.small';
  const keyName = keyNameOf(region, properties);
  const instanceProfileName = instanceProfileNameOf(region, properties);
  const userData = userDataOf(properties);
  return {
    imageId,
    instanceType,
    ...(keyName === undefined ? {} : { keyName }),
    ...(instanceProfileName === undefined ? {} : { instanceProfileName }),
    ...(userData === undefined ? {} : { userData }),
    metadataOptions: metadataOptionsOf(properties.group('MetadataOptions')),
    tags: tagsOf(properties),
  };
}

function keyNameOf(region: Region, properties: Properties): string | undefined {
  const name = properties.text('KeyName');
  const names = Object.values(region.keyPairs).map((keyPair) => keyPair.name);
  if (name !== undefined && !names.includes(name)) {
    properties.report(
      'KeyName',
      `"${name}" is not a key pair of this region; it has ${names.join(', ') || 'none'}.`,
      'Add an AWS::EC2::KeyPair with PublicKeyMaterial, or name one that exists.',
    );
  }
  return name;
}

function instanceProfileNameOf(region: Region, properties: Properties): string | undefined {
  const raw = properties.json('IamInstanceProfile');
  const group = typeof raw === 'object' ? properties.group('IamInstanceProfile') : undefined;
  const given = group?.text('Name') ?? group?.text('Arn') ?? properties.text('IamInstanceProfile');
  if (given === undefined) return undefined;
  const profiles = Object.values(region.instanceProfiles);
  const found = profiles.find(({ name, arn }) => name === given || arn === given);
  if (found === undefined) {
    const names = profiles.map(({ name }) => name).join(', ') || 'none';
    const message = `"${given}" is not an instance profile of this region; it has ${names}.`;
    properties.report('IamInstanceProfile', message);
  }
  return found?.name;
}

function userDataOf(properties: Properties): string | undefined {
  const encoded = properties.text('UserData');
  if (encoded === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded.replace(/\s/g, '')), (each) => each.charCodeAt(0));
    if (bytes.length > USER_DATA_LIMIT) {
      const message = `The user data has ${bytes.length} bytes; AWS allows ${USER_DATA_LIMIT}.`;
      properties.report('UserData', message, 'Fetch the long part from S3.');
    }
    return new TextDecoder().decode(bytes);
  } catch {
    properties.report('UserData', 'The user data is not base64.', 'Wrap it in Fn::Base64.');
    return undefined;
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html */
function metadataOptionsOf(options: Properties | undefined): MetadataOptions {
  options?.ignore('HttpProtocolIpv6', 'InstanceMetadataTags');
  return {
    enabled: options?.oneOf('HttpEndpoint', ['enabled', 'disabled']) !== 'disabled',
    httpTokens: options?.oneOf('HttpTokens', ['required', 'optional']) ?? 'optional',
    hopLimit: options?.number('HttpPutResponseHopLimit') ?? 1,
  };
}

function tagsOf(properties: Properties): Tags {
  const specifications = properties.groups('TagSpecifications').flatMap((specification) => {
    const tags = specification.tags();
    return specification.text('ResourceType') === 'instance' ? [tags] : [];
  });
  return Object.assign({}, ...specifications, properties.tags());
}
