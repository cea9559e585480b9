/** Commands that change what is on AWS, or in a lab as if it were. */
import type { Command } from 'commander';
import type { Result } from '../program.ts';
import { collect, example, json, targetOption } from './options.ts';

export function deployCommands(program: Command, result: Result): void {
  const deploying = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .exitOverride()
      .option('--stage <name>', 'one of the stages of the configuration')
      .addOption(targetOption())
      .option('--yes', 'agree beforehand to everything that would be asked');

  deploying('deploy', 'create or update the stack on AWS, or in a lab')
    .option('--admin <address>', 'your address: what may reach the bastion')
    .option('--key <file>', 'the file of your public key')
    .option('--param <key=value...>', 'a parameter of the template', collect, [])
    .option('--allow-unknown', 'what cannot be told is no breach of a policy')
    .option('--dry-run', 'check, prove and price without credentials; make nothing')
    .addOption(json())
    .addHelpText(
      'after',
      `\nBefore anything is made: credentials, region, quota of addresses, the domain's
delegation, your address and key; then the policies (a broken one stops the
deploy), the price, and who reaches whom that did not before. What is given
nowhere is kept as it is deployed. Secrets are made at random as SecureString
parameters. What replaces or removes something with data in it is agreed to by
typing the stack's name.\n${example('onsil deploy --dry-run', 'onsil deploy --admin 203.0.113.7 --key ~/.ssh/id_ed25519.pub', 'onsil deploy --stage prod --yes', 'onsil deploy --lab')}`,
    )
    .action(async (options) => {
      result.exitCode = await (await import('../commands/deploy.ts')).deploy(options);
    });

  deploying('destroy', 'delete the stack from AWS, or from a lab')
    .addOption(json())
    .addHelpText(
      'after',
      `\nAsks for the stack's name, and says what AWS keeps of it: what has a
DeletionPolicy, and the secrets.\n${example('onsil destroy --stage dev', 'onsil destroy --lab --yes')}`,
    )
    .action(async (options) => {
      result.exitCode = await (await import('../commands/destroy.ts')).destroy(options);
    });
}
