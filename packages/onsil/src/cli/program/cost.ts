/** `onsil cost` with its own commands. */
import type { Command } from 'commander';
import type { Result } from '../program.ts';
import { collect, example, json, usd } from './options.ts';

/** @param cost the command as every question about a template is made */
export function costCommands(cost: Command, result: Result): void {
  cost
    .enablePositionalOptions()
    .option('--budget <usd>', 'end with 1 where it is more than so many US dollars', usd)
    .option('--usage <name=amount...>', 'what a month is supposed to have', collect, [])
    .addHelpText(
      'after',
      `\nEach resource with what of it costs, then what AWS's own services would cost in
the place of the NAT instance, the web entrance, the database and the bastion,
and what they buy. Prices are a dated table of AWS's published ones; what is not
in it is named as unknown, and the budget is judged by what is known. With a
configuration, --region is another region whose prices are taken.\n${example('onsil cost', 'onsil cost --template vpc.yaml --region us-east-1', 'onsil cost --usage internetOutGb=300 --budget 100', 'onsil cost diff old.yaml new.yaml', 'onsil cost refresh --region eu-central-1')}`,
    )
    .action(async (options) => {
      result.exitCode = await (await import('../commands/cost.ts')).cost(options);
    });

  cost
    .command('diff <old> <new>')
    .description('what becomes dearer or cheaper between two templates')
    .exitOverride()
    .option('--param <key=value...>', 'a parameter of the templates', collect, [])
    .option('--region <name>', 'the region that the templates run in')
    .option('--usage <name=amount...>', 'what a month is supposed to have', collect, [])
    .option('--budget <usd>', 'end with 1 where the new one is more than that', usd)
    .addOption(json())
    .action(async (older, newer, options) => {
      const { costDiff } = await import('../commands/cost-diff.ts');
      result.exitCode = await costDiff(older, newer, options);
    });

  cost
    .command('refresh')
    .description("renew the prices by AWS's price list; needs credentials")
    .exitOverride()
    .option('--region <name>', 'whose prices', 'ap-northeast-2')
    .option('--type <instance...>', 'instance types beside those of the table', collect, [])
    .addOption(json())
    .action(async (options) => {
      result.exitCode = await (await import('../commands/cost-refresh.ts')).costRefresh(options);
    });
}
