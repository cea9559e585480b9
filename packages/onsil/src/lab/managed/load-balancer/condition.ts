/** Conditions of a rule as anonymous ACLs of HAProxy: all of them must hold, one value of each. */
import type { RuleCondition } from '../../../region/listener.ts';
import { has, quoted, wildcard } from './text.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
export function conditionText(condition: RuleCondition): string {
  switch (condition.field) {
    case 'host-header':
      return acl('req.hdr(host),field(1,:) -m reg -i', condition.values.map(has));
    case 'path-pattern':
      return acl('path -m reg', condition.values.map(has));
    case 'http-request-method':
      return acl('method -m str', condition.values);
    case 'source-ip':
      return acl('src -m ip', condition.values);
    case 'http-header': {
      const { headerName, values } = condition;
      // No header is called otherwise: RFC 9110, 5.6.2.
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(headerName)) return '{ always_false }';
      return acl(`${quoted(`req.fhdr(${headerName})`)} -m reg -i`, values.map(has));
    }
    case 'query-string':
      return acl(
        'query -m reg -i',
        condition.values.map(({ key, value }) => {
          const name = key === undefined ? '([^=&]*=)?' : `${wildcard(key, '[^=&]')}=`;
          return `(^|&)${name}${wildcard(value, '[^&]')}(&|$)`;
        }),
      );
  }
}

function acl(test: string, patterns: readonly string[]): string {
  return `{ ${test} -- ${patterns.map(quoted).join(' ')} }`;
}
