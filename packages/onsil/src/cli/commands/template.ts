import { requireProject } from '../project.ts';

/** Prints the template of the folder's configuration. */
export async function template({ stage }: { readonly stage?: string }): Promise<void> {
  const { projectTemplate } = await import('../template.ts');
  process.stdout.write(await projectTemplate(await requireProject(), stage));
}
