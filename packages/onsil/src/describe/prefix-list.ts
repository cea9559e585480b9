/**
 * Lists come from `describe-managed-prefix-lists` (all, without entries), from
 * `describe-prefix-lists` (AWS's own, with entries) and from `get-managed-prefix-list-entries`,
 * whose output does not say which list it is of: the file's name must.
 */
import * as z from 'zod/mini';
import type { PrefixList } from '../region/prefix-list.ts';
import type { Table } from '../region/region.ts';
import type { Report } from './report.ts';
import { cidr, cidr6, id, name, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const block = z.union([cidr, cidr6]);
const schema = z.object({
  PrefixListId: id,
  PrefixListName: z.optional(name),
  AddressFamily: z.optional(z.enum(['IPv4', 'IPv6'])),
  Cidrs: z.optional(z.array(block)),
  Tags: tags,
});
const entrySchema = z.object({ Cidr: block });

/** Those that nothing describes but a route or a rule names are there without entries: they stay open. */
export function prefixLists(report: Report, sources: Sources): Table<PrefixList> {
  const lists = Map.groupBy(
    read(report, schema, sources.of('PrefixLists')),
    ({ value }) => value.PrefixListId,
  );
  const ids = new Set([
    ...lists.keys(),
    ...sources.prefixListEntries.keys(),
    ...report.prefixLists.keys(),
  ]);
  return Object.fromEntries(
    [...ids].toSorted().map((listId) => {
      const parts = (lists.get(listId) ?? []).map(({ value }) => value);
      const given = sources.prefixListEntries.get(listId);
      const own = given && read(report, entrySchema, given).map(({ value }) => value.Cidr);
      const entries = own ?? parts.find(({ Cidrs }) => Cidrs !== undefined)?.Cidrs;
      const at = report.prefixLists.get(listId);
      if (entries === undefined && at !== undefined) {
        const command = `get-managed-prefix-list-entries --prefix-list-id ${listId}`;
        const hint = `Add: aws ec2 ${command} --output json > ${listId}.json`;
        report.warn(at, '', `The entries of the prefix list ${listId} are in no file.`, hint);
      }
      const family = parts.find(({ AddressFamily }) => AddressFamily)?.AddressFamily;
      const isIpv6 = family === 'IPv6' || entries?.some((each) => each.includes(':')) === true;
      const list: PrefixList = {
        id: listId,
        name: parts.find(({ PrefixListName }) => PrefixListName)?.PrefixListName ?? listId,
        family: isIpv6 ? 'ipv6' : 'ipv4',
        ...(entries === undefined ? {} : { entries: [...new Set(entries)].toSorted() }),
        tags: Object.assign({}, ...parts.map(({ Tags }) => Tags)),
      };
      return [listId, list];
    }),
  );
}
