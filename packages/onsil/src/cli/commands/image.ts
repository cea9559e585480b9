/** The images that machines boot beside the built one. */
import { renderTable } from '../render/table.ts';

/** Lists the built-in image and those that were added. */
export async function listImages(json: boolean): Promise<void> {
  const [{ findAddedImages }, { BUILT_IN }] = await Promise.all([
    import('../../lab/image/added.ts'),
    import('../../lab/image/choose.ts'),
  ]);
  const images = [
    { name: BUILT_IN, system: 'Debian GNU/Linux 12 (bookworm)', builtIn: true },
    ...(await findAddedImages()).map(({ name, system }) => ({ name, system, builtIn: false })),
  ];
  if (json) {
    console.log(JSON.stringify(images));
    return;
  }
  const rows = images.map(({ name, system, builtIn }) => [
    name,
    system,
    builtIn ? 'built in; stands in for every AMI that is not added' : 'added',
  ]);
  const columns = [{ title: 'name' }, { title: 'system' }, { title: '', elastic: true }];
  console.log(renderTable(columns, rows, 78).join('\n'));
}

/** Adds an image as root. @returns the exit code */
export async function addImage(name: string, file: string): Promise<number> {
  if (process.getuid?.() !== 0) return (await import('../host.ts')).asRoot(['image']);
  const [{ prepareHost }, image, { ensureAuthority }, { cacheFolders }] = await Promise.all([
    import('../host.ts'),
    import('../../lab/image/added.ts'),
    import('../../lab/services/authority.ts'),
    import('../../lab/layout.ts'),
  ]);
  await prepareHost(
    (message) => console.log(message),
    () => {},
  );
  const { rootPem } = await ensureAuthority(cacheFolders.authority);
  const added = await image.addImage(name, file, rootPem);
  console.log(
    `Added ${added.name}: ${added.system}. The next \`onsil up\` boots it for AMIs of that name.`,
  );
  return 0;
}

/** Removes an added image as root. @returns the exit code */
export async function removeImage(name: string): Promise<number> {
  if (process.getuid?.() !== 0) return (await import('../host.ts')).asRoot(['image']);
  const { removeImage: remove } = await import('../../lab/image/added.ts');
  await remove(name);
  console.log(
    `Removed ${name}. Machines of labs that are up and boot from it must not be used on.`,
  );
  return 0;
}
