/** The image of managed machines: built when a lab first needs it, with the host's network. */
import { debianMirror } from '../host/mirror.ts';
import { ensureImage, type Image } from '../image/build.ts';
import { aptSources } from '../image/recipe.ts';
import { serviceRecipe } from '../image/service-recipe.ts';
import type { EventLog } from './events.ts';
import { HOST_NETWORK_DESCRIPTOR } from './request.ts';

const STEP = 'image of managed services';

/**
 * Gives the image, built at the first call (about a minute) and kept like the machines' own. A
 * call after one that failed tries again.
 * @param authority PEM of the lab's authority
 */
export function serviceImage(authority: string, log: EventLog): () => Promise<Image> {
  let pending: Promise<Image> | undefined;
  const build = async (): Promise<Image> => {
    let told = false;
    const image = await ensureImage(serviceRecipe(authority, aptSources(debianMirror())), {
      network: `/proc/${process.pid}/fd/${HOST_NETWORK_DESCRIPTOR}`,
      onLine: (detail) => {
        told = true;
        log.emit({ kind: 'step', step: STEP, done: false, detail });
      },
    });
    if (told) log.emit({ kind: 'step', step: STEP, done: true });
    return image;
  };
  return () => {
    pending ??= build().catch((cause: unknown) => {
      pending = undefined;
      throw cause;
    });
    return pending;
  };
}
