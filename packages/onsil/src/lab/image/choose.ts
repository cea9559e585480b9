/** Which image of the lab an AMI stands for. */
import { currentLaunch } from '../../region/auto-scaling/launch.ts';
import { imageOf } from '../../region/image.ts';
import { asText } from '../../region/json.ts';
import type { Region } from '../../region/region.ts';

/** The image that is always there. */
export const BUILT_IN = 'debian-12';

export interface InstanceImage {
  /** As the template gives it. */
  readonly ami: string;
  /** The AMI's name, where the public parameter that gave its id is known. */
  readonly name: string | null;
  /** Its system, e.g. `amazon-linux-2023`; null where only AWS knows. */
  readonly os: string | null;
  /** The image that is booted. */
  readonly runs: string;
  /** Whether that is another system than the AMI's, or may be. */
  readonly standsIn: boolean;
}

/**
 * An added image is chosen by the id of the AMI, its name or its system, in that order; Debian
 * stands in for all others.
 */
export function chooseImage(
  ami: string,
  added: readonly { readonly name: string }[],
): InstanceImage {
  const known = imageOf(ami);
  const os = known?.os ?? null;
  const asked = [ami, known?.name, known?.os];
  const found = asked.find((name) => added.some((image) => image.name === name));
  const standsIn = found === undefined && os !== BUILT_IN;
  return { ami, name: known?.name ?? null, os, runs: found ?? BUILT_IN, standsIn };
}

/** One line for each image that runs in the place of another: which, and on which instances. */
export function standIns(
  region: Region,
  added: readonly { readonly name: string }[],
): readonly string[] {
  const instances = new Map<string, string[]>();
  for (const { imageId, name } of [...Object.values(region.instances), ...toLaunch(region)]) {
    instances.set(imageId, [...(instances.get(imageId) ?? []), name]);
  }
  return [...instances].flatMap(([ami, names]) => {
    const { runs, name, os, standsIn } = chooseImage(ami, added);
    if (!standsIn) return [];
    const what = name === null ? ami : `${ami} (${name})`;
    const hint = os === null ? `onsil image add ${ami} FILE` : `onsil image add ${os} FILE`;
    return [`${runs} stands in for ${what} on ${names.join(', ')}; to run it: ${hint}`];
  });
}

/** What Auto Scaling groups that have no instance yet will launch. */
function toLaunch(region: Region): readonly { readonly imageId: string; readonly name: string }[] {
  return Object.values(region.autoScalingGroups)
    .filter(({ members }) => members.length === 0)
    .map(({ launch, logicalId }) => {
      const { data } = currentLaunch(region, launch);
      return { imageId: asText(data['ImageId'] ?? ''), name: logicalId };
    });
}
