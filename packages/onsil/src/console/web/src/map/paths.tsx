import type { Path } from '../../../../diagram/scene.ts';
import { useParameter } from './parameter.ts';
import { useMapText } from './text.ts';

/** Which of the paths is highlighted, by the address; one that the picture has. */
export function usePath(paths: readonly Path[]): Path | undefined {
  const [wanted] = useParameter('path');
  return paths.find((each) => each === wanted);
}

export function PathChoice({ paths }: { readonly paths: readonly Path[] }) {
  const text = useMapText();
  const chosen = usePath(paths);
  const [, choose] = useParameter('path');
  return (
    <fieldset className="segments">
      <legend className="hidden">{text.path}</legend>
      {[undefined, ...paths].map((path) => (
        <label key={path ?? ''}>
          <input
            type="radio"
            name="path"
            className="hidden"
            checked={path === chosen}
            onChange={() => choose(path ?? null)}
          />
          <span>{path === undefined ? text.whole : text.paths[path]}</span>
        </label>
      ))}
    </fieldset>
  );
}
