/** The example's lab, which all parts of the test share. */
import { labCommands } from '../support/onsil.ts';

/** Always the same: layers of provisioned machines are keyed on it. */
export const LAB = 'e2e';

export const { exec, ssh, stop, start } = labCommands(LAB);

/** In the order of the article. */
export const HOSTS = [
  'bastion',
  'nat',
  'edge',
  'web',
  'gateway',
  'api-1',
  'api-2',
  'database',
] as const;
