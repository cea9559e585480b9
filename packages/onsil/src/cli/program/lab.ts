/** Commands that bring a lab up and down, and look at it. */
import type { Result } from '../program.ts';
import { collect, count, example, json, type LabCommand, port } from './options.ts';

export function labCommands(command: LabCommand, result: Result): void {
  command('up', 'boot every machine, and wait until the service serves')
    .option('--template <file>', 'a CloudFormation template instead of the configuration')
    .option('--app [command]', 'a CDK app instead: its command, or as cdk.json says')
    .option('--stack <name>', "one of the app's stacks")
    .option('--param <key=value...>', 'a parameter of the template', collect, [])
    .option('--region <name>', 'the region that a template without a configuration runs in')
    .option('--stage <name>', 'one of the stages of the configuration')
    .option('--fresh', 'provision every machine again instead of starting from what is kept')
    .option('--dry-run', 'print what would be made, and make nothing')
    .option('--port <number>', 'the local port of the site', port)
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'onsil up',
        'onsil up --template vpc.yaml --param KeyName=me',
        'onsil up --app "node bin/app.js" --stack Network',
        'onsil up --dry-run',
        'onsil up --fresh --json',
      ),
    )
    .action(async (options) => (await import('../commands/up.ts')).up(options, result));

  command('down', 'stop the lab and remove all of it')
    .addOption(json())
    .addHelpText('after', example('onsil down', 'onsil down --lab vpc'))
    .action(async (options) => (await import('../commands/down.ts')).down(options));

  command('status', 'show the machines, their addresses and states')
    .addOption(json())
    .addHelpText('after', example('onsil status', 'onsil status --json | jq .instances'))
    .action(async (options) => (await import('../commands/status.ts')).status(options, result));

  command('console', 'open the console: the running system in the browser')
    .option('--no-open', 'print its address only')
    .addOption(json())
    .addHelpText(
      'after',
      `\nThe address is good once, for two minutes, and only on this machine: the browser
keeps a session of twelve hours.\n${example('onsil console', 'onsil console --no-open', 'onsil console --json | jq -r .url')}`,
    )
    .action(async (options) => (await import('../commands/console.ts')).openConsole(options));

  command('logs <instance>', 'show the journal of an instance and its set-up')
    .option('-f, --follow', 'go on with new lines as they come')
    .option('-n, --lines <number>', 'how many of the last lines', count, 100)
    .addOption(json())
    .addHelpText('after', example('onsil logs edge', 'onsil logs api-1 -f'))
    .action(async (instance, options) => {
      result.exitCode = await (await import('../commands/logs.ts')).logs(instance, options);
    });

  for (const [name, description] of [
    ['stop', 'switch an instance off, as its own shutdown would'],
    ['start', 'switch an instance on again'],
  ] as const) {
    command(`${name} <instance>`, description)
      .addOption(json())
      .addHelpText('after', example(`onsil ${name} nat`))
      .action(async (instance, options) =>
        (await import('../commands/power.ts')).power(name, instance, options),
      );
  }

  command('doctor', 'check that this machine can run a lab')
    .addOption(json())
    .addHelpText('after', example('onsil doctor', 'onsil doctor --json'))
    .action(async (options) => {
      result.exitCode = await (await import('../commands/doctor.ts')).doctor(options);
    });
}
