/** Commands that do something in a running lab: on its machines, with packets, by clients. */
import { Option } from 'commander';
import type { Result } from '../program.ts';
import { example, few, json, type LabCommand, milliseconds, seed } from './options.ts';

export function insideCommands(command: LabCommand, result: Result): void {
  command('env', "print what a shell sets so that AWS's own clients talk to the lab")
    .addOption(new Option('--shell <name>', 'whose syntax').choices(['sh', 'csh', 'fish']))
    .addOption(json())
    .addHelpText(
      'after',
      `\nTo be evaluated: eval "$(sudo npx onsil env)". The keys are those of the lab's
administrator, good for this lab and for nothing else. Clients older than the
variable AWS_ENDPOINT_URL (Debian 12 has such ones) ignore it and would ask the
real AWS: for aws there is npx onsil aws, others take the URL as an argument.\n${example('onsil env', 'onsil env --shell fish', 'onsil env --json')}`,
    )
    .action(async (options) => (await import('../commands/env.ts')).env(options));

  command('aws [argument...]', "run the host's AWS CLI against the lab")
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText(
      'after',
      example('onsil aws ec2 describe-instances', 'onsil aws s3 ls', 'onsil aws -- --version'),
    )
    .action(async (words, options) => {
      result.exitCode = await (await import('../commands/aws.ts')).aws(words, options);
    });

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
      result.exitCode = await (await import('../commands/exec.ts')).exec(instance, words, options);
    });

  command('ssh <instance> [command...]', 'log in as the administrator, by the bastion')
    .passThroughOptions()
    .addHelpText('after', example('onsil ssh api-1', 'onsil ssh database -- uptime'))
    .action(async (instance, words, options) => {
      result.exitCode = await (await import('../commands/ssh.ts')).ssh(instance, words, options);
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
      result.exitCode = await (await import('../commands/probe.ts')).probe(from, to, options);
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
      result.exitCode = await (await import('../commands/verify.ts')).verify(options);
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
      (await import('../commands/flow.ts')).flow(instance, options),
    );
}
