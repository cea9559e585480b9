/**
 * CloudFormation's helper scripts, where templates look for them. Debian has no package of AWS's
 * own: these are written for the lab and do what templates use of them.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-helper-scripts-reference.html
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { ImageFile } from './recipe.ts';

const LIBRARY = new URL('cfn/', import.meta.url);

/** The module behind each program. */
const PROGRAMS = {
  'cfn-init': 'init',
  'cfn-signal': 'signal',
  'cfn-get-metadata': 'metadata',
  'cfn-hup': 'hup',
} as const;

const launcher = (module: string): string => `#!/usr/bin/python3
import sys
sys.path.insert(0, '/opt/aws/lib')
from cfn.${module} import main
sys.exit(main())
`;

export const HELPER_SCRIPTS: readonly ImageFile[] = [
  ...readdirSync(LIBRARY)
    .filter((name) => name.endsWith('.py'))
    .toSorted()
    .map((name) => ({
      path: `opt/aws/lib/cfn/${name}`,
      content: readFileSync(new URL(name, LIBRARY), 'utf8'),
    })),
  ...Object.entries(PROGRAMS).flatMap(([name, module]) =>
    // Amazon Linux has the folder in PATH; elsewhere scripts expect the name alone to do.
    ['opt/aws/bin', 'usr/local/bin'].map((folder) => ({
      path: `${folder}/${name}`,
      content: launcher(module),
      mode: 0o755,
    })),
  ),
];
