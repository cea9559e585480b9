/** For tests: services, and templates as plain data. */
import type { ServiceDefinition } from '../config/definition.ts';
import { validate } from '../config/validate.ts';
import { synthesize, type Template, type TemplateResource } from './synthesize.ts';

export function serviceOf(overrides: Partial<ServiceDefinition> = {}) {
  const definition: ServiceDefinition = {
    name: 'everydaehwa',
    domain: 'everydaehwa.net',
    web: { source: './web' },
    api: { source: './api' },
    ...overrides,
  };
  return validate(definition, 'onsil.config.ts');
}

export function templateOf(overrides: Partial<ServiceDefinition> = {}): Template {
  return synthesize(serviceOf(overrides)).template;
}

export function resourcesOf(template: Template, type: string) {
  const all = Object.entries(template.Resources);
  return all.filter(([, resource]) => resource.Type === `AWS::${type}`);
}

export function property(resource: TemplateResource | undefined, ...path: readonly string[]) {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    resource?.Properties,
  );
}

export function nameOf(resource: TemplateResource): string {
  const tags = property(resource, 'Tags');
  const name = Array.isArray(tags) ? tags.find((tag) => tag.Key === 'Name')?.Value : undefined;
  return String(name);
}

/** Decoded user data, with text as long as AWS's in the place of references. */
export function userDataOf(resource: TemplateResource | undefined): string {
  return text(property(resource, 'UserData', 'Fn::Base64'));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) throw new Error(`no text: ${String(value)}`);
  const join: unknown = Reflect.get(value, 'Fn::Join');
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(text).join('');
  const ref: unknown = Reflect.get(value, 'Ref');
  if (ref === 'AWS::Region') return 'ap-northeast-2';
  if (ref === 'DatabaseVolume') return 'vol-0123456789abcdef0';
  // A signed URL of CloudFormation is about 400 characters long.
  if (String(ref).includes('ReadyHandle')) return `https://signal.example/${'x'.repeat(400)}`;
  if (ref === 'ReleasesBucket') return 'everydaehwa-releasesbucket-1abcdefghijkl';
  throw new Error(`no text: ${JSON.stringify(value)}`);
}
