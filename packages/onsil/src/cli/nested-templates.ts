/** The templates of nested stacks: files beside the template that nests them. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { NestedTemplate } from '../cloudformation/nested-stack.ts';
import type { UpRequest } from '../lab/daemon/request.ts';
import type { NestedTemplates } from '../lab/stacks/stack-service.ts';

type Given = Pick<UpRequest, 'region' | 'template' | 'templateFile' | 'parameters' | 'before'>;

/**
 * The request with the templates that its TemplateURLs name: a path from the template's folder, as
 * `aws cloudformation package` takes it, or the end of the path of an address. One whose file is
 * not there stays a mistake if it is a path, and is recorded by name if it is an address.
 * @param published templates that an app publishes itself, by the last part of their address
 */
export async function withNestedTemplates<T extends Given>(
  given: T,
  published: Readonly<Record<string, NestedTemplate>> = {},
): Promise<T & Pick<UpRequest, 'nestedTemplates'>> {
  const all = [given, ...(given.before ?? [])];
  if (!all.some(({ template }) => template.includes('AWS::CloudFormation::Stack'))) return given;
  const { nestedUrls } = await import('../lab/daemon/nested-urls.ts');
  const folder = dirname(resolve(given.templateFile));
  let nestedTemplates: NestedTemplates = {};
  // What one nests is known when its own template is.
  for (;;) {
    const urls = nestedUrls({ ...given, nestedTemplates });
    const found = await Promise.all(
      urls.map(async (url) => [url, await templateAt(url, folder, published)] as const),
    );
    const known = found.filter(([, template]) => template !== undefined);
    if (known.length === 0) return { ...given, nestedTemplates };
    nestedTemplates = { ...nestedTemplates, ...Object.fromEntries(known) } as NestedTemplates;
  }
}

async function templateAt(
  url: string,
  folder: string,
  published: Readonly<Record<string, NestedTemplate>>,
): Promise<NestedTemplates[string] | undefined> {
  const isAddress = /^https?:/.test(url) && URL.canParse(url);
  const parts = isAddress ? new URL(url).pathname.split('/').filter((each) => each !== '') : [url];
  const own = published[parts.at(-1) ?? ''];
  if (own !== undefined) return own;
  for (const [index] of parts.entries()) {
    const path = join(folder, ...parts.slice(index).map(decodeURIComponent));
    const body = await readFile(path, 'utf8').catch(() => undefined);
    if (body !== undefined) return { body, fileName: path };
  }
  return isAddress ? null : undefined;
}
