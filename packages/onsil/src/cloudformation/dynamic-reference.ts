import { problem } from '../region/problem.ts';
import { secretsNamed } from '../region/secret-value.ts';
import type { Scope } from './scope.ts';

/** `{{resolve:service:reference}}` */
const REFERENCE = /\{\{resolve:([a-z-]+):([^}]*)\}\}/g;

/**
 * A text with its dynamic references to the parameter store replaced. Secrets stay out of view:
 * those references are left as they are, with a warning.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function resolveReferences(text: string, scope: Scope, path: string): string {
  return text.replaceAll(REFERENCE, (whole, service: string, reference: string) => {
    if (service === 'ssm') return parameterValue(reference, scope, path);
    // Who uses the value resolves it: it is in no region and in no output.
    if (service === 'secretsmanager' && secretsNamed(whole).some(scope.isSecret)) return whole;
    if (service === 'ssm-secure' || service === 'secretsmanager') {
      scope.warn({
        severity: 'warning',
        path,
        message: `${whole} is a secret: it is not resolved here and stays as written.`,
      });
      return whole;
    }
    throw problem(
      path,
      `"${service}" in ${whole} is not a service for dynamic references.`,
      'There are ssm, ssm-secure and secretsmanager.',
    );
  });
}

function parameterValue(reference: string, scope: Scope, path: string): string {
  const name = reference.replace(/:[0-9]+$/, '');
  const found = scope.parameterStore[name];
  if (found === undefined) {
    const hint = 'Create it first, as an AWS::SSM::Parameter or by hand.';
    throw problem(path, `There is no parameter "${name}" in the parameter store.`, hint);
  }
  if (found.type === 'SecureString') {
    throw problem(path, `"${name}" is a SecureString.`, `Use {{resolve:ssm-secure:${reference}}}.`);
  }
  return found.value;
}
