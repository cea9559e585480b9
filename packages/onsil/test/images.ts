/** Builds the images of machines before the first test, on a host that has none yet: a minute each. */

import { debianMirror } from '../src/lab/host/mirror.ts';
import { ensureImage } from '../src/lab/image/build.ts';
import { aptSources, imageRecipe } from '../src/lab/image/recipe.ts';
import { serviceRecipe } from '../src/lab/image/service-recipe.ts';
import { cacheFolders } from '../src/lab/layout.ts';
import { ensureAuthority } from '../src/lab/services/authority.ts';

export default async function buildImages(): Promise<void> {
  const { rootPem } = await ensureAuthority(cacheFolders.authority);
  const sources = aptSources(debianMirror());
  for (const recipe of [imageRecipe(rootPem, sources), serviceRecipe(rootPem, sources)]) {
    await ensureImage(recipe);
  }
}
