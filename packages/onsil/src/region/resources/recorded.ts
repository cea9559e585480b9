/** Resources that are kept with an id and attributes, and do nothing in the region. */
import type { JsonMap } from '../json.ts';
import { arnOf, nameOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** Types that change nothing which onsil shows: not worth a warning. */
export const recordedTypes: readonly ResourceType[] = [
  recorded('AWS::EC2::FlowLog'),
  recorded('AWS::S3::BucketPolicy'),
  recorded('AWS::CDK::Metadata'),
  {
    type: 'AWS::Logs::LogGroup',
    create(region, properties, context) {
      const name = properties.text('LogGroupName') ?? nameOf(context, 512);
      const arn = `${arnOf(context, 'logs', `log-group:${name}`)}:*`;
      return { region, physicalId: name, attributes: { Arn: arn }, status: 'recorded' };
    },
  },
];

function recorded(type: string): ResourceType {
  return {
    type,
    create: (region, _properties, context) => ({
      region,
      physicalId: nameOf(context),
      attributes: { Id: nameOf(context) },
      status: 'recorded',
    }),
  };
}

/**
 * Stand-ins for the attributes that a template asks of a type which is not modelled, so that
 * what is modelled beside it can still be made.
 */
export function standInAttributes(
  type: string,
  names: readonly string[],
  context: ResourceContext,
): JsonMap {
  const [, service = 'custom', noun = 'resource'] = type.toLowerCase().split('::');
  const physicalId = nameOf(context);
  return Object.fromEntries(
    names.map((name) => [
      name,
      name.endsWith('Arn')
        ? arnOf(context, service, `${noun}/${physicalId}`)
        : `${physicalId}.${name}`.toLowerCase(),
    ]),
  );
}
