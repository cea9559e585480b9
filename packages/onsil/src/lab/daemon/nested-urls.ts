/** Which templates of nested stacks a request still lacks. */
import { ProblemsError } from '../../region/problem.ts';
import { prepare } from './prepare.ts';
import type { UpRequest } from './request.ts';

/** TemplateURLs that are known by now and have no template in the request. */
export function nestedUrls(
  request: Pick<
    UpRequest,
    'region' | 'template' | 'templateFile' | 'before' | 'parameters' | 'nestedTemplates'
  >,
): readonly string[] {
  const { nestedTemplates = {} } = request;
  const missing = new Set<string>();
  const lookUp = (url: string) => {
    const found = nestedTemplates[url];
    if (found === undefined) missing.add(url);
    return found;
  };
  try {
    prepare({ ...request, lab: 'nested' }, 'ssh-ed25519 AAAA', '', lookUp);
  } catch (error) {
    // What is wrong is told when the request is carried out.
    if (!(error instanceof ProblemsError)) throw error;
  }
  return [...missing];
}
