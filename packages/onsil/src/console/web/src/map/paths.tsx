import type { Path } from '../../../../diagram/scene.ts';
import { Segments } from '../kit/segments.tsx';
import { setParameter, useRoute } from '../route.ts';
import { useMapText } from './text.ts';

/** Which of the paths is highlighted, by the address; one that the picture has. */
export function usePath(paths: readonly Path[]): Path | undefined {
  const wanted = useRoute().searchParams.get('path');
  return paths.find((each) => each === wanted);
}

export function PathChoice({ paths }: { readonly paths: readonly Path[] }) {
  const text = useMapText();
  const chosen = usePath(paths);
  const all = paths.map((path) => [path, text.paths[path]] as const);
  return (
    <Segments
      legend={text.path}
      name="path"
      options={[['all', text.whole], ...all]}
      chosen={chosen ?? 'all'}
      choose={(path) => setParameter('path', path === 'all' ? [] : [path])}
    />
  );
}
