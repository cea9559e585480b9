/** Resources that are kept with an id and attributes, and do nothing in the region. */
import type { JsonMap } from '../json.ts';
import type { Properties } from './properties.ts';
import { FORMS, type Form, QUIET } from './recorded-forms.ts';
import {
  arnOf,
  codeOf,
  idOf,
  nameOf,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

export const recordedTypes: readonly ResourceType[] = [
  ...Object.entries(FORMS).map(([type, form]) => recorded(type, form, true)),
  ...Object.entries(QUIET).map(([type, form]) => recorded(type, form, 'quiet')),
];

function recorded(type: string, form: Form, how: true | 'quiet'): ResourceType {
  return {
    type,
    recorded: how,
    create(region, properties, context) {
      const name = nameIn(properties, form, context);
      const words = wordsOf(name, form, context);
      properties.check();
      const attributes = Object.entries(form.attributes ?? {}).map(
        ([attribute, value]) => [attribute, filled(value, words)] as const,
      );
      return {
        region,
        physicalId: refOf(form, name, words, context),
        attributes: Object.fromEntries(attributes),
        status: 'recorded',
      };
    },
  };
}

/** Its names differ where something drawn for it is in the name. */
function nameIn(properties: Properties, { named }: Form, context: ResourceContext): string {
  return (named === undefined ? undefined : properties.text(named)) ?? nameOf(context);
}

type Words = Readonly<Record<string, string>>;

function wordsOf(name: string, { arn }: Form, context: ResourceContext): Words {
  const { account, regionName } = context;
  const digits = ['first', 'second'].map((part) => idOf(context, 'd', part).slice(2)).join('');
  const base = {
    name,
    id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    code: codeOf(context, 13),
    short: codeOf(context, 16).toLowerCase(),
    account,
    region: regionName,
  };
  if (arn === undefined) return base;
  const [service, resource] = arn;
  return { ...base, arn: arnOf(context, service, filled(resource, base)) };
}

function refOf(form: Form, name: string, words: Words, context: ResourceContext): string {
  if (typeof form.ref === 'function') return form.ref(name, context);
  return form.ref === undefined ? name : (words[form.ref] ?? name);
}

function filled(text: string, words: Words): string {
  return text.replaceAll(/\$([a-z]+)/g, (whole, word: string) => words[word] ?? whole);
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
        : standIn(name, physicalId),
    ]),
  );
}

/** A port is a number: rules of security groups are made of it. */
function standIn(name: string, physicalId: string): string {
  return /(^|\.)Port$/.test(name) ? '6379' : `${physicalId}.${name}`.toLowerCase();
}
