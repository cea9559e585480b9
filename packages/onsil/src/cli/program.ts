/** Every command with its options, help and examples. The work is imported when it is asked for. */
import { Command, InvalidArgumentError, Option } from 'commander';

/** The tool's version, as in its package.json. */
export const VERSION = '0.1.0';

/** Global outcome of a command that failed in its own way without an error to print. */
export interface Result {
  exitCode: number;
}

export function buildProgram(result: Result): Command {
  const program = new Command('onsil')
    .description('Runs the infrastructure of a small service on this machine, with real packets.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ getOutHelpWidth: () => 80, getErrHelpWidth: () => 80 })
    .configureHelp({ subcommandTerm: (command) => termOf(command) })
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .addHelpText(
      'after',
      example(
        'onsil up                          start the lab of this folder',
        'onsil probe internet database:3306  does one real connection get through?',
        'onsil ssh api-1                   log in through the bastion',
        'onsil down                        leave nothing behind',
      ),
    );
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).exitOverride().addOption(labOption());
  const json = (): Option => new Option('--json', 'print JSON');

  command('up', 'boot every machine, and wait until the service serves')
    .option('--template <file>', 'a CloudFormation template instead of the configuration')
    .option('--param <key=value...>', 'a parameter of the template', collect, [])
    .option('--region <name>', 'the region that a template without a configuration runs in')
    .option('--fresh', 'provision every machine again instead of starting from what is kept')
    .option('--dry-run', 'print what would be made, and make nothing')
    .option('--port <number>', 'the local port of the site', port)
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'onsil up',
        'onsil up --template vpc.yaml --param KeyName=me',
        'onsil up --dry-run',
        'onsil up --fresh --json',
      ),
    )
    .action(async (options) => (await import('./commands/up.ts')).up(options, result));

  command('down', 'stop the lab and remove all of it')
    .addOption(json())
    .addHelpText('after', example('onsil down', 'onsil down --lab vpc'))
    .action(async (options) => (await import('./commands/down.ts')).down(options));

  command('status', 'show the machines, their addresses and states')
    .addOption(json())
    .addHelpText('after', example('onsil status', 'onsil status --json | jq .instances'))
    .action(async (options) => (await import('./commands/status.ts')).status(options, result));

  program
    .command('template')
    .description('print the CloudFormation template, as it goes to AWS')
    .exitOverride()
    .addOption(new Option('--json', 'print JSON (it always is)'))
    .addHelpText('after', example('onsil template > template.json'))
    .action(async () => (await import('./commands/template.ts')).template());

  command('exec <instance> [command...]', 'run a command as root on an instance')
    .passThroughOptions()
    .addHelpText(
      'after',
      example(
        'onsil exec api-1 -- journalctl --unit api -n 20',
        'onsil exec nat -- nft list ruleset',
        'onsil exec internet -- curl -sI https://everydaehwa.net',
      ),
    )
    .action(async (instance, words, options) => {
      result.exitCode = await (await import('./commands/exec.ts')).exec(instance, words, options);
    });

  command('ssh <instance> [command...]', 'log in as the administrator, by the bastion')
    .passThroughOptions()
    .addHelpText('after', example('onsil ssh api-1', 'onsil ssh database -- uptime'))
    .action(async (instance, words, options) => {
      result.exitCode = await (await import('./commands/ssh.ts')).ssh(instance, words, options);
    });

  command('probe <from> <to>', 'open one real TCP connection: what comes of it?')
    .option('--timeout <ms>', 'give up after so many milliseconds', milliseconds, 3000)
    .addOption(json())
    .addHelpText(
      'after',
      `\n<from> is an instance, admin or internet; <to> is an instance or an address,
with a port (22 where none is given). Outcomes: connected, refused, timeout,
unreachable. Exit code 0 only when connected.\n${example('onsil probe api-1 database:3306', 'onsil probe internet database:3306 --json')}`,
    )
    .action(async (from, to, options) => {
      result.exitCode = await (await import('./commands/probe.ts')).probe(from, to, options);
    });

  command('verify', 'send real packets for all pairs: do they do what reach says?')
    .option('--seed <number>', 'choose the same random ports again', seed)
    .option('--random <number>', 'how many random ports for each pair', few, 3)
    .addOption(json())
    .addHelpText(
      'after',
      `\nFor every ordered pair of the lab's hosts and every port that a rule or a
listener names, and for random ones, one packet is sent, and what becomes of it
is compared with what onsil reach says. Exit code 1 where they disagree.\n${example('onsil verify', 'onsil verify --seed 7 --random 20', 'onsil verify --json | jq .disagreed')}`,
    )
    .action(async (options) => {
      result.exitCode = await (await import('./commands/verify.ts')).verify(options);
    });

  /** A question about a template, an account or the configuration: of no lab, and without root. */
  const question = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .exitOverride()
      .option('--template <file>', 'a CloudFormation template instead of the configuration')
      .option('--param <key=value...>', 'a parameter of the template', collect, [])
      .option('--describe <folder>', 'an account: what aws ec2 describe-… printed')
      .option('--region <name>', 'the region that a template runs in; of an account, which')
      .option('--account <id>', 'which account, where the folder has several')
      .option('--admin <cidr>', 'the addresses of the administrator, called admin')
      .addOption(json());

  question('why <from> <to>', 'do packets get there and back, and what decides?')
    .option('--ipv6', 'ask about the IPv6 addresses of both')
    .addHelpText(
      'after',
      `\n<from> and <to> are an instance, internet, admin, s3 where the template names
its prefix list, an address or a block; <to> with a port (:3306, :53/udp,
[2001:db8::1]:443) or :ping. Nothing is sent: the answer is worked out from the
template, or from files that AWS printed (--describe, see docs/describe.md),
for every source port. Exit code 0 only when reachable.\n${example('onsil why api-1 database:3306', 'onsil why internet database:3306', 'onsil why bastion web:22 --template vpc.yaml --param KeyName=me')}`,
    )
    .action(async (from, to, options) => {
      result.exitCode = await (await import('./commands/why.ts')).why(from, to, options);
    });

  question('reach', 'who reaches whom, on which ports: all pairs')
    .option('--from <name>', 'only what this one reaches')
    .option('--to <name>', 'only who reaches this one')
    .option('--internet', 'only what the Internet reaches: --from internet')
    .addHelpText(
      'after',
      example(
        'onsil reach',
        'onsil reach --internet',
        'onsil reach --to database --json',
        'onsil reach --describe aws_configs --region ap-northeast-2 --internet',
      ),
    )
    .action(async (options) => (await import('./commands/reach.ts')).reach(options));

  question('check', 'are the policies kept, and which rules can be removed?')
    .option('--allow-unknown', 'what cannot be told is no breach')
    .option('--unused', 'instead: what no packet has used since the lab came up')
    .addOption(labOption())
    .addHelpText(
      'after',
      `\nThe policies are those of the template's metadata: what holds for every service,
and the configuration's own (policy: [...]). A template without any is held to
what can be said of any VPC. Exit code 1 where one is broken, or where that
cannot be told: it depends on something that AWS leaves open or onsil does not
model.

With --unused nothing is worked out: a running lab tells which rules, entries
and routes no packet has used. Where several rules of a group allow a packet,
the first by its id counts it.\n${example('onsil check', 'onsil check --template vpc.yaml --param KeyName=me', 'onsil check --json | jq .removable', 'onsil check --unused')}`,
    )
    .action(async (options) => {
      if (options.unused === true) await (await import('./commands/unused.ts')).unused(options);
      else result.exitCode = await (await import('./commands/check.ts')).check(options);
    });

  const templateParameters = (command: Command): Command =>
    command
      .option('--param <key=value...>', 'a parameter of the templates', collect, [])
      .option('--region <name>', 'the region that the templates run in')
      .addOption(json());

  templateParameters(
    program
      .command('diff <old> [new]')
      .description('who reaches whom that did not before, and who no longer does?')
      .exitOverride(),
  )
    .option('--fail-on-new-exposure', 'end with 1 where anything is newly exposed')
    .addHelpText(
      'after',
      `\n<old> and <new> are templates, or folders of what aws ec2 describe-… printed of
an account (docs/describe.md). Without <new>, the old one is compared with the
configuration of this folder. Hosts are the same by their logical id, or else by
their name. A new exposure is whatever anybody outside (the administrator too)
reaches who did not before: a further port, or the same one from more addresses;
and what may be reachable, where that cannot be told. A --param is for both
templates.\n${example('onsil diff old.json', 'onsil diff old.yaml new.yaml --fail-on-new-exposure', 'onsil diff aws_configs new.yaml', 'onsil diff old.yaml new.yaml --param KeyName=me --json | jq .exposed')}`,
    )
    .action(async (older, newer, options) => {
      result.exitCode = await (await import('./commands/diff.ts')).diff(older, newer, options);
    });

  command('flow [instance]', 'watch connections being accepted and rejected, and why')
    .option('--accepted', 'only what is accepted')
    .option('--rejected', 'only what is rejected')
    .option('--full', "the fields of AWS's flow logs (version 2), then the reason")
    .addOption(json())
    .addHelpText(
      'after',
      `\nOne line for each decision about a connection's first packet, up to a second
late: a connection that gets through has one where its sender's security group
lets it out and one where its receiver's lets it in. Packets and bytes are those
of that packet. <instance>, or admin or internet, is either end. Stop it with
Ctrl-C.\n${example('onsil flow', 'onsil flow database --rejected', 'onsil flow --full', 'onsil flow --json | jq .because')}`,
    )
    .action(async (instance, options) =>
      (await import('./commands/flow.ts')).flow(instance, options),
    );

  command('logs <instance>', 'show the journal of an instance and its set-up')
    .option('-f, --follow', 'go on with new lines as they come')
    .option('-n, --lines <number>', 'how many of the last lines', count, 100)
    .addOption(json())
    .addHelpText('after', example('onsil logs edge', 'onsil logs api-1 -f'))
    .action(async (instance, options) => {
      result.exitCode = await (await import('./commands/logs.ts')).logs(instance, options);
    });

  for (const [name, description] of [
    ['stop', 'switch an instance off, as its own shutdown would'],
    ['start', 'switch an instance on again'],
  ] as const) {
    command(`${name} <instance>`, description)
      .addOption(json())
      .addHelpText('after', example(`onsil ${name} nat`))
      .action(async (instance, options) =>
        (await import('./commands/power.ts')).power(name, instance, options),
      );
  }

  command('doctor', 'check that this machine can run a lab')
    .addOption(json())
    .addHelpText('after', example('onsil doctor', 'onsil doctor --json'))
    .action(async (options) => {
      result.exitCode = await (await import('./commands/doctor.ts')).doctor(options);
    });
  return program;
}

/** The command with its arguments; that it has options goes without saying. */
const termOf = (command: Command): string => {
  const words = command.registeredArguments.map((each) =>
    each.required ? `<${each.name()}>` : `[${each.name()}]`,
  );
  return [command.name(), ...words].join(' ');
};

const labOption = (): Option => new Option('--lab <name>', "the lab's name (the service's)");

const example = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

const collect = (value: string, previous: readonly string[]): readonly string[] => [
  ...previous,
  value,
];

const port = (value: string): number => integer(value, 1, 65535, 'a port');
const milliseconds = (value: string): number => integer(value, 1, 600_000, 'milliseconds');
const seed = (value: string): number => integer(value, 0, 2 ** 31 - 1, 'a seed');
const few = (value: string): number => integer(value, 0, 1000, 'a number of ports');
const count = (value: string): number => integer(value, 0, 1_000_000, 'a number of lines');

function integer(value: string, least: number, most: number, what: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It is no ${what}: a whole number from ${least} to ${most}.`);
}
