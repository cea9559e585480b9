/** What a config file imports: `import { defineService } from 'onsil'`. */
export { defineService, type ServiceDefinition } from './config/definition.ts';
