/** `up --dry-run`: everything that would be made, as values, without root. */
import { prepare } from '../lab/daemon/prepare.ts';
import type { UpRequest } from '../lab/daemon/request.ts';
import { planFabric } from '../lab/fabric/plan.ts';
import { printFabric } from '../lab/fabric/print.ts';
import { leftOut } from '../lab/left-out.ts';
import { planMachine } from '../lab/machine/plan.ts';
import { quote } from '../lab/process.ts';

/** Stands for the key pair that `up` makes. */
const PLACEHOLDER_KEY = 'ssh-ed25519 AAAA made+by+onsil+up';

export async function dryRun(request: UpRequest, json: boolean): Promise<string> {
  const { region, stack, problems: ofTemplate } = prepare(request, PLACEHOLDER_KEY, 'dry run');
  const problems = [...ofTemplate, ...leftOut(region, stack.resources)];
  const fabric = planFabric(request.lab, region);
  const machines = Object.values(region.instances).map((instance) =>
    planMachine(request.lab, region, instance),
  );
  if (json) return JSON.stringify({ lab: request.lab, problems, fabric, machines });
  return [
    ...problems.map((problem) => `warning: ${problem.path}: ${problem.message}`),
    printFabric(fabric),
    ...machines.flatMap((machine) => [
      `# machine ${machine.name} (${machine.instanceId})`,
      ...machine.volumes.map(
        (volume) => `# volume ${volume.id}: ${volume.size} GiB as /dev/${volume.device}`,
      ),
      machine.command.map(quote).join(' \\\n  '),
      '',
    ]),
  ].join('\n');
}
