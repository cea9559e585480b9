/** The files of a database's machine: one unit that makes its data once, and runs the server. */
import type { GuestFile } from '../machine/plan.ts';

export interface DbFiles {
  /** PEM, for the names of the server. */
  readonly tls: { readonly certificate: string; readonly key: string };
  /** Who runs the server. */
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The server, which tells systemd when it takes connections. */
  readonly command: string;
  /** Makes the data in the folder `$1`. */
  readonly initialize: string;
  readonly configuration: string;
}

export const DATABASE_UNIT = 'database.service';

export function databaseFiles(files: DbFiles): readonly GuestFile[] {
  const { tls, user, environment, command, initialize, configuration } = files;
  return [
    { path: 'etc/database/server.conf', content: configuration },
    { path: 'etc/database/server.pem', content: tls.certificate },
    { path: 'etc/database/server.key', content: tls.key, mode: 0o600 },
    { path: 'etc/database/prepare', content: prepareScript(user, initialize), mode: 0o755 },
    {
      path: `etc/systemd/system/${DATABASE_UNIT}`,
      content: [
        '[Unit]',
        'Description=Database server',
        'After=network.target',
        '',
        '[Service]',
        'Type=notify',
        `User=${user}`,
        'RuntimeDirectory=database',
        'StateDirectory=database',
        'StateDirectoryMode=0700',
        'LimitNOFILE=65536',
        'TimeoutStartSec=180',
        'Restart=on-failure',
        ...Object.entries(environment).map(([name, value]) => `Environment=${name}=${value}`),
        'ExecStartPre=+/etc/database/prepare',
        `ExecStart=${command}`,
        '',
      ].join('\n'),
    },
  ];
}

/** A server takes a key only where nobody else can read it. Data that is half made is made anew. */
function prepareScript(user: string, initialize: string): string {
  return `#!/bin/sh
set -eu
install -o ${user} -g ${user} -m 0600 /etc/database/server.key /run/database/server.key
cd /var/lib/database
[ ! -d data ] || exit 0
rm -rf data.new
set -- /var/lib/database/data.new
install -d -o ${user} -g ${user} -m 0700 "$1"
${initialize}
mv data.new data
`;
}
