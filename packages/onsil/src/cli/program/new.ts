/** The command that makes a project. */
import type { Command } from 'commander';
import { example, hosts, json } from './options.ts';

export function newCommand(program: Command): void {
  program
    .command('new <folder>')
    .description('a new service: configuration, api, web and tests, ready to run')
    .exitOverride()
    .option('--name <name>', "what it is called (the folder's name)")
    .option('--domain <domain>', 'its domain, without www (<name>.example)')
    .option('--region <name>', 'the AWS region (ap-northeast-2)')
    .option('--apis <number>', 'how many hosts run the api (2)', hosts)
    .option('--yes', 'ask nothing: what is not given is as in brackets')
    .option('--no-install', 'leave npm install to you')
    .addOption(json())
    .addHelpText(
      'after',
      `\nAsks for what is not given, four questions at most; without a terminal it takes
what is in brackets, and says so. The folder must be empty or not there.\n${example('onsil new shop', 'onsil new shop --domain shop.example --apis 1 --yes')}`,
    )
    .action(async (folder, options) =>
      (await import('../commands/new.ts')).newProject(folder, options),
    );
}
