import { AwsError } from '../../endpoints/error.ts';
import type { ProtocolName } from '../model.ts';

/** What is wrong with the form of a request, before anybody looks at its meaning. */
export type Fault =
  | { readonly kind: 'unknown'; readonly parameter: string }
  | { readonly kind: 'missing'; readonly parameter: string }
  | {
      readonly kind: 'type';
      readonly parameter: string;
      readonly given: string;
      readonly type: string;
    };

export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.kind} ${fault.parameter}`);
    this.fault = fault;
  }
}

/**
 * Each protocol's services have words of their own for it.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
export function faultError(protocol: ProtocolName, fault: Fault): AwsError {
  const bad = (code: string, message: string) => new AwsError(400, code, message);
  const { parameter } = fault;
  switch (fault.kind) {
    case 'unknown':
      if (protocol === 'ec2')
        return bad('UnknownParameter', `The parameter ${parameter} is not recognized`);
      if (protocol === 'json')
        return bad('ValidationException', `The member ${parameter} is not known to the lab.`);
      if (protocol === 'rest-xml')
        return bad('InvalidInput', `The element ${parameter} is not known to the lab.`);
      return bad('ValidationError', `The parameter ${parameter} is not known to the lab.`);
    case 'missing': {
      if (protocol === 'ec2')
        return bad('MissingParameter', `The request must contain the parameter ${parameter}`);
      const message = `1 validation error detected: Value null at '${lowerFirst(parameter)}' failed to satisfy constraint: Member must not be null`;
      if (protocol === 'json') return bad('ValidationException', message);
      return bad(protocol === 'rest-xml' ? 'InvalidInput' : 'ValidationError', message);
    }
    case 'type': {
      const { given, type } = fault;
      if (protocol === 'ec2')
        return bad(
          'InvalidParameterValue',
          `Value (${given}) for parameter ${parameter} is invalid. It must be of the type ${type}.`,
        );
      if (protocol === 'json')
        return bad(
          'SerializationException',
          `${given} at ${parameter} can not be converted to ${type}`,
        );
      if (protocol === 'rest-xml')
        return bad('InvalidInput', `${parameter} must be of the type ${type}, not "${given}".`);
      return bad('MalformedInput', `Value "${given}" of ${parameter} must be of the type ${type}.`);
    }
  }
}

export const lowerFirst = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);
