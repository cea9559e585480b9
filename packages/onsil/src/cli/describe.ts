/** The files of `--describe <folder>`, and which account and region in it are meant. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { type Description, describedRegion } from '../describe/describe.ts';
import { type Document, parseDocument } from '../describe/document.ts';
import { isDescription } from '../describe/sources.ts';
import { type Problem, ProblemsError } from '../region/problem.ts';
import { UsageError } from './errors.ts';

/** One account's region: a folder of JSON files. */
interface Place {
  readonly account: string | undefined;
  readonly name: string | undefined;
  readonly documents: readonly Document[];
}

export interface Wanted {
  readonly region?: string | undefined;
  readonly account?: string | undefined;
}

/** `accounts/<id>/<region>`, below the folder or below `aws_configs` in it. */
const DEEPEST = 4;
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/**
 * The region in a folder that is laid out as for Batfish, or of which that is a part. Throws
 * UsageError where it is not there or several regions are and none was named, and ProblemsError
 * for what is wrong with the files.
 */
export async function described(folder: string, wanted: Wanted): Promise<Description> {
  const root = (await namesIn(folder)).includes('aws_configs')
    ? join(folder, 'aws_configs')
    : folder;
  const places = await placesIn(root, DEEPEST);
  const [place, ...others] = places.filter(
    ({ name, account }) => isWanted(name, wanted.region) && isWanted(account, wanted.account),
  );
  if (place !== undefined && others.length === 0) return describedRegion(place.documents, place);
  const there = places.map(textOf).join('; ');
  if (places.length === 0) {
    throw new UsageError(
      `No file in ${folder} is what aws ec2 describe-… prints. ` +
        'Collect them as docs/describe.md says: aws ec2 describe-vpcs --output json > Vpcs.json',
    );
  }
  throw new UsageError(
    place === undefined
      ? `${folder} has no such account and region; there are: ${there}.`
      : `${folder} has several regions: name one with --region and --account of: ${there}.`,
  );
}

/** What a folder does not say is no reason to pass it over. */
const isWanted = (given: string | undefined, wanted: string | undefined): boolean =>
  given === undefined || wanted === undefined || given === wanted;

const textOf = ({ account, name }: Place): string =>
  [
    `--region ${name ?? 'unknown'}`,
    ...(account === undefined ? [] : [`--account ${account}`]),
  ].join(' ');

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((cause: unknown) => {
    throw new UsageError(`The folder ${folder} cannot be read.`, { cause });
  });
}

async function placesIn(root: string, deepest: number): Promise<readonly Place[]> {
  const files = (await filesIn(root, deepest)).toSorted();
  const problems: Problem[] = [];
  const documents = await Promise.all(
    files.map(async (file) => {
      try {
        const document = parseDocument(decoded(await readFile(file)), file);
        return document === undefined || !isDescription(document) ? [] : [document];
      } catch (error) {
        if (!(error instanceof ProblemsError)) throw error;
        problems.push(...error.problems);
        return [];
      }
    }),
  );
  if (problems.length > 0) throw new ProblemsError(problems);
  const folders = Map.groupBy(documents.flat(), ({ file }) => join(file, '..'));
  return [...folders].map(([folder, own]) => {
    const parts = [basename(resolve(root)), ...relative(root, folder).split('/')];
    return {
      account: parts.find((part) => /^\d{12}$/.test(part)),
      name: parts.findLast((part) => REGION.test(part)),
      documents: own,
    };
  });
}

async function filesIn(folder: string, deepest: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry): Promise<readonly string[]> => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() && entry.name.endsWith('.json')) return [path];
    const isPlace = entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name);
    return isPlace && deepest > 1 ? filesIn(path, deepest - 1) : [];
  });
  return (await Promise.all(found)).flat();
}

/** Windows PowerShell redirects as UTF-16, and others begin with a mark too. */
function decoded(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
}
