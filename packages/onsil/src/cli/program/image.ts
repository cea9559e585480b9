/** Commands about the root file systems that machines boot. */
import type { Command } from 'commander';
import type { Result } from '../program.ts';
import { example, json } from './options.ts';

export function imageCommands(program: Command, result: Result): void {
  const image = program
    .command('image')
    .description('root file systems that machines boot, beside Debian 12')
    .exitOverride()
    .addHelpText(
      'after',
      `\nAn image is chosen by the id of an AMI, its name or its system, as the name says
that it was added with. Debian stands in for every other one.\n${example('onsil image list', 'onsil image add amazon-linux-2023 al2023.tar.xz', 'onsil image add ami-0abcdef1234567890 root.tar.zst', 'onsil image remove amazon-linux-2023')}`,
    );
  image
    .command('list')
    .description('the images that there are')
    .exitOverride()
    .addOption(json())
    .addHelpText('after', example('onsil image list', 'onsil image list --json'))
    .action(async (options) =>
      (await import('../commands/image.ts')).listImages(options.json === true),
    );
  image
    .command('add <name> <file>')
    .description('add one from a tar archive of a root file system (also .gz, .xz, .zst)')
    .exitOverride()
    .addHelpText('after', example('onsil image add ubuntu-24.04 noble-root.tar.xz'))
    .action(async (name, file) => {
      result.exitCode = await (await import('../commands/image.ts')).addImage(name, file);
    });
  image
    .command('remove <name>')
    .description('remove one that was added')
    .exitOverride()
    .addHelpText('after', example('onsil image remove ubuntu-24.04'))
    .action(async (name) => {
      result.exitCode = await (await import('../commands/image.ts')).removeImage(name);
    });
}
