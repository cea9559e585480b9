/** Commands that answer from the template or an account alone, without a lab or root. */
import { type Command, Option } from 'commander';
import type { Result } from '../program.ts';
import { costCommands } from './cost.ts';
import { collect, example, json, labOption, targetOption } from './options.ts';

export function questionCommands(program: Command, result: Result): void {
  program
    .command('template')
    .description('print the CloudFormation template, as it goes to AWS')
    .exitOverride()
    .option('--stage <name>', 'one of the stages of the configuration')
    .addOption(new Option('--json', 'print JSON (it always is)'))
    .addHelpText('after', example('onsil template > template.json', 'onsil template --stage dev'))
    .action(async (options) => (await import('../commands/template.ts')).template(options));

  /** A question about a template, an account or the configuration: of no lab, and without root. */
  const question = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .exitOverride()
      .option('--template <file>', 'a CloudFormation template instead of the configuration')
      .option('--param <key=value...>', 'a parameter of the template', collect, [])
      .option('--app [command]', 'a CDK app instead: its command, or as cdk.json says')
      .option('--stack <name>', "one of the app's stacks")
      .option('--describe <folder>', 'an account: what aws ec2 describe-… printed')
      .option('--region <name>', 'the region that a template runs in; of an account, which')
      .option('--account <id>', 'which account, where the folder has several')
      .option('--stage <name>', 'one of the stages of the configuration')
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
      result.exitCode = await (await import('../commands/why.ts')).why(from, to, options);
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
    .action(async (options) => (await import('../commands/reach.ts')).reach(options));

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
      if (options.unused === true) await (await import('../commands/unused.ts')).unused(options);
      else result.exitCode = await (await import('../commands/check.ts')).check(options);
    });

  question('diagram', 'draw it: who reaches whom, by the proof')
    .option('-o, --output <file>', 'a file: .svg, .png or .html (SVG on standard output)')
    .addOption(
      new Option('--highlight <path>', 'what stands out').choices(['request', 'admin', 'outbound']),
    )
    .option('--cost', 'with the price of each part, and the bill')
    .addOption(
      new Option('--theme <name>', "colours; auto: the viewer's")
        .choices(['auto', 'light', 'dark'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `\nRegion, VPCs, zones and subnets as boxes; arrows for what really gets there and
back, as onsil reach has it. Equal machines fold. The same template gives the
same bytes. --json prints the picture as data (docs/diagram.md). A PNG is drawn
by Chromium.\n${example('onsil diagram -o docs/system.svg', 'onsil diagram --template vpc.yaml -o vpc.html --cost', 'onsil diagram -o admin.png --highlight admin --theme light')}`,
    )
    .action(async (options) => (await import('../commands/diagram.ts')).diagram(options));

  costCommands(question('cost', 'the monthly bill on AWS, and of its managed twin'), result);

  const templateParameters = (command: Command): Command =>
    command
      .option('--param <key=value...>', 'a parameter of the templates', collect, [])
      .option('--region <name>', 'the region that the templates run in')
      .addOption(json());

  templateParameters(
    program
      .command('diff [old] [new]')
      .description('what changes, against what is deployed or between templates?')
      .exitOverride(),
  )
    .option('--stage <name>', 'one of the stages of the configuration')
    .option('--app [command]', 'a CDK app as the new one: its command, or as cdk.json says')
    .option('--stack <name>', "one of the app's stacks")
    .addOption(targetOption())
    .option('--fail-on-new-exposure', 'end with 1 where anything is newly exposed')
    .addHelpText(
      'after',
      `\nWithout <old>, the configuration of this folder is compared with what is
deployed on AWS, or in a lab: which resources change and how, and who reaches
whom that did not before. <old> and <new> are templates, or folders of what
aws ec2 describe-… printed of an account (docs/describe.md). Without <new>, the
old one is compared with the configuration. Hosts are the same by their logical
id, or else by their name. A new exposure is whatever anybody outside (the
administrator too) reaches who did not before: a further port, or the same one
from more addresses; and what may be reachable, where that cannot be told. A
--param is for both templates.\n${example('onsil diff', 'onsil diff --stage dev --lab', 'onsil diff old.json', 'onsil diff old.yaml new.yaml --fail-on-new-exposure', 'onsil diff aws_configs new.yaml', 'onsil diff old.yaml new.yaml --param KeyName=me --json | jq .exposed')}`,
    )
    .action(async (older, newer, options) => {
      result.exitCode =
        older === undefined
          ? await (await import('../commands/diff-deployed.ts')).diffDeployed(options)
          : await (await import('../commands/diff.ts')).diff(older, newer, options);
    });
}
