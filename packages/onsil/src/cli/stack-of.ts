/** The stack that `deploy`, `diff` and `destroy` mean: of the folder's configuration or one stage. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { parseTemplate } from '../cloudformation/parse.ts';
import type { Template } from '../cloudformation/template.ts';
import { loadConfig } from '../config/load.ts';
import type { Service } from '../config/service.ts';
import type { TemplateMetadata } from '../lab/daemon/request.ts';
import { canonicalBlock } from '../region/ipv4.ts';
import { UsageError } from './errors.ts';
import { requireProject } from './project.ts';
import { parametersOf } from './request.ts';
import { templateOf } from './template.ts';

export interface StackOptions {
  readonly stage?: string;
  readonly param: readonly string[];
  /** The address or block of the administrator. */
  readonly admin?: string;
  /** The file of the administrator's public key. */
  readonly key?: string;
}

export interface ProjectStack {
  readonly service: Service;
  /** JSON. */
  readonly template: string;
  readonly parsed: Template;
  readonly metadata: TemplateMetadata;
  /** As given on the command line. */
  readonly given: Readonly<Record<string, string>>;
}

export const TEMPLATE_FILE = 'the template of onsil.config.ts';

export async function stackOfProject(options: StackOptions): Promise<ProjectStack> {
  const service = await loadConfig(await requireProject(), options.stage);
  const template = await templateOf(service);
  const parsed = parseTemplate(template, TEMPLATE_FILE);
  // Our own blueprint wrote it: its form is the type's.
  const metadata = parsed.metadata['Onsil'] as unknown as TemplateMetadata;
  const { cidrParameter, keyParameter } = metadata.administrator;
  const given = {
    ...(options.admin === undefined ? {} : { [cidrParameter]: blockOf(options.admin) }),
    ...(options.key === undefined ? {} : { [keyParameter]: await publicKey(options.key) }),
    ...parametersOf(options.param),
  };
  for (const name of Object.keys(given)) {
    if (parsed.parameters[name] !== undefined) continue;
    const there = Object.keys(parsed.parameters).join(', ');
    throw new UsageError(`--param ${name}: the template has no such parameter, only ${there}.`);
  }
  return { service, template, parsed, metadata, given };
}

/**
 * What each parameter is given: by the command line, by the template's default, or as the stack has
 * it. Those that are given by nobody are absent.
 */
export function parameterValues(
  { parsed, given }: Pick<ProjectStack, 'parsed' | 'given'>,
  deployed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parsed.parameters).flatMap(([name, { default: byDefault }]) => {
      const value = given[name] ?? byDefault ?? deployed[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function blockOf(text: string): string {
  const block = canonicalBlock(text.includes('/') ? text : `${text}/32`);
  if (block !== undefined && !block.endsWith('/0')) return block;
  throw new UsageError(
    `--admin ${JSON.stringify(text)} is no IPv4 address or block narrower than the Internet, ` +
      'as 203.0.113.7 is.',
  );
}

async function publicKey(file: string): Promise<string> {
  const path = file.replace(/^~(?=\/)/, homedir());
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--key ${file} cannot be read: ${why}`, { cause });
  });
  const [line = ''] = text.split('\n');
  if (/^ssh-(ed25519|rsa) [A-Za-z0-9+/=]+/.test(line)) return line.trim();
  const what = text.includes('PRIVATE KEY') ? 'is a private key' : 'is no public key of OpenSSH';
  throw new UsageError(`--key ${file} ${what}: name the .pub file.`);
}
