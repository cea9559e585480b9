/** What a config file imports: `import { defineService } from 'onsil'`. */
export { defineService, type ServiceDefinition } from './config/definition.ts';
export type { Policy } from './reach/policy/policy.ts';
