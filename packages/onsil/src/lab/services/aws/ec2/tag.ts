import { put, type Region, type TableName, type Tags } from '../../../../region/region.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Operations } from '../operation.ts';
import { structures, text, textOf, texts } from '../value.ts';
import { change } from './change.ts';
import { badValue } from './describe.ts';
import { TAGGED } from './other.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
const MOST_TAGS = 50;

export const tagOperations: Operations = {
  CreateTags: {
    handle: (input, call) =>
      change(call, (region) => {
        const given = structures(input, 'Tags').map(
          (each) => [textOf(each, 'Key'), text(each, 'Value') ?? ''] as const,
        );
        const reserved = given.find(([key]) => key.toLowerCase().startsWith('aws:'));
        if (reserved !== undefined)
          throw badValue(
            `Tag keys starting with 'aws:' are reserved for internal use: ${reserved[0]}`,
          );
        const next = changed(region, texts(input, 'Resources'), (tags) => {
          const more = { ...tags, ...Object.fromEntries(given) };
          if (Object.keys(more).length <= MOST_TAGS) return more;
          const message = `The maximum number of tags, ${MOST_TAGS}, has been reached.`;
          throw new AwsError(400, 'TagLimitExceeded', message);
        });
        return { region: next, result: {} };
      }),
  },
  DeleteTags: {
    handle: (input, call) =>
      change(call, (region) => {
        const wanted = structures(input, 'Tags').map((each) => ({
          key: textOf(each, 'Key'),
          value: text(each, 'Value'),
        }));
        // None named: all of them but those that AWS keeps.
        const goes = (key: string, value: string): boolean =>
          wanted.length === 0
            ? !key.startsWith('aws:')
            : wanted.some((each) => each.key === key && (each.value ?? value) === value);
        const next = changed(region, texts(input, 'Resources'), (tags) =>
          Object.fromEntries(Object.entries(tags).filter(([key, value]) => !goes(key, value))),
        );
        return { region: next, result: {} };
      }),
  },
};

function changed(region: Region, ids: readonly string[], step: (tags: Tags) => Tags): Region {
  let next = region;
  for (const id of ids) {
    const ofRule = id.startsWith('sgr-') ? withRule(next, id, step) : undefined;
    if (ofRule !== undefined) {
      next = ofRule;
      continue;
    }
    const table = TABLES.find((name) => Object.hasOwn(next[name], id));
    if (table === undefined) {
      const message = `The ID '${id}' is not valid: the lab has no such resource.`;
      throw new AwsError(400, 'InvalidID', message);
    }
    const own = next[table][id];
    const tags = own !== undefined && 'tags' in own && !Array.isArray(own.tags) ? own.tags : {};
    const changed = { ...own, tags: step(tags as Tags) };
    next = { ...next, [table]: { ...next[table], [id]: changed } };
  }
  return next;
}

/** A rule is part of its group. */
function withRule(region: Region, id: string, step: (tags: Tags) => Tags): Region | undefined {
  const group = Object.values(region.securityGroups).find(({ ingress, egress }) =>
    [...ingress, ...egress].some((rule) => rule.id === id),
  );
  if (group === undefined) return undefined;
  const tag = (rules: typeof group.ingress) =>
    rules.map((rule) => (rule.id === id ? { ...rule, tags: step(rule.tags ?? {}) } : rule));
  const own = { ...group, ingress: tag(group.ingress), egress: tag(group.egress) };
  return put(region, 'securityGroups', group.id, own);
}

const TABLES = Object.keys(TAGGED) as readonly TableName[];
