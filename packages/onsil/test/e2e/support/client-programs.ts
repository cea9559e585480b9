/** Programs of the service image, run with an instance's network: a small image has none of them. */
import { ask } from '../../../src/lab/daemon/client.ts';
import { debianMirror } from '../../../src/lab/host/mirror.ts';
import { ensureImage } from '../../../src/lab/image/build.ts';
import { aptSources } from '../../../src/lab/image/recipe.ts';
import { serviceRecipe } from '../../../src/lab/image/service-recipe.ts';
import { cacheFolders } from '../../../src/lab/layout.ts';
import { CommandError, run } from '../../../src/lab/process.ts';
import { ensureAuthority } from '../../../src/lab/services/authority.ts';

/** Gives what the program prints, or what it says on its standard error where it fails. */
export type RunningClient = (
  words: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<string>;

export async function clientOn(lab: string, instance: string): Promise<RunningClient> {
  const { command } = await ask<{ command: readonly string[] }>(lab, 'POST /command', {
    ...{ instance, command: ['true'], terminal: false },
  });
  const pid = command.join(' ').match(/--target=(\d+)/)?.[1];
  const { rootPem } = await ensureAuthority(cacheFolders.authority);
  const image = await ensureImage(serviceRecipe(rootPem, aptSources(debianMirror())));
  return async (words, env) => {
    const within = [`--net=/proc/${pid}/ns/net`, '--', 'chroot', image.folder, ...words];
    try {
      return (
        await run('nsenter', within, { env: { ...env, HOME: '/nonexistent' } })
      ).stdout.trim();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return error.output.stderr.trim();
    }
  };
}
