/** Breaks things on purpose, says what is broken then, and puts everything back. */
import { SERVICES } from '../../lab/services/aws/services.ts';
import type { Structure } from '../../lab/services/aws/value.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { Arrow, Done, DrillRequest, DrillState } from '../api.ts';
import { AskedError, type Context } from '../server/context.ts';
import type { Shell } from '../server/names.ts';
import type { SiteCheck } from '../server/site-check.ts';
import { brokenMachines, brokenPaths, brokenSite } from './broken.ts';
import { putBackCommand, takeCommand } from './commands.ts';
import { offersOf } from './offers.ts';
import { putBack, type Taken, takeRoute, takeRule } from './put-back.ts';
import { takenText } from './text.ts';

type Undo = Taken | { readonly kind: 'machine'; readonly instance: Instance };

export class Drill {
  readonly #context: Context;
  readonly #shell: Shell;
  readonly #site: SiteCheck;
  readonly #done: (DrillState['done'][number] & { readonly undo: Undo })[] = [];
  /** Who reached whom before the first one. */
  #before: readonly Arrow[] = [];
  /** One at a time: each is about the lab that the last one left. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(context: Context, shell: Shell, site: SiteCheck) {
    this.#context = context;
    this.#shell = shell;
    this.#site = site;
  }

  get count(): number {
    return this.#done.length;
  }

  /** Throws AskedError where there is nothing such to break. */
  begin(request: DrillRequest): Promise<DrillState & Done> {
    return this.#inTurn(async () => {
      if (this.#done.length === 0) this.#before = await this.#arrows();
      const { undo, text, commands } = this.#planned(request);
      await this.#take(undo);
      this.#done.push({ request, text, commands, undo, at: Date.now() });
      return { ...(await this.state()), commands, text };
    });
  }

  /** What could not be put back stays in the list. */
  restore(): Promise<DrillState & Done> {
    return this.#inTurn(async () => {
      const commands: string[] = [];
      let last = this.#done.at(-1);
      while (last !== undefined) {
        await this.#undo(last.undo);
        commands.push(this.#undoCommand(last.undo));
        this.#done.pop();
        last = this.#done.at(-1);
      }
      const text =
        commands.length === 0 ? 'Nothing was to be put back.' : `${commands.length} put back.`;
      return { ...(await this.state()), commands, text };
    });
  }

  async state(): Promise<DrillState> {
    const { machines } = this.#context.lab();
    const { region } = this.#context.ground();
    const isRunning = (each: Instance): boolean => machines.state(each) === 'running';
    return {
      offers: offersOf(region, isRunning, this.#shell),
      done: this.#done.map(({ undo: _, ...each }) => each),
      broken: await this.#broken(),
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  #arrows(): Promise<readonly Arrow[]> {
    return this.#context.model.of({ call: 'arrows' });
  }

  #planned(request: DrillRequest) {
    const { region, machines } = this.#context.lab();
    switch (request.kind) {
      case 'stop': {
        const instance = Object.values(region.instances).find(({ name }) => name === request.host);
        if (instance === undefined)
          throw new AskedError(`There is no instance ${JSON.stringify(request.host)}.`, 404);
        if (machines.state(instance) !== 'running')
          throw new AskedError(`${instance.name} does not run.`, 409);
        return {
          undo: { kind: 'machine', instance } as const,
          text: `${instance.name} is stopped`,
          commands: [this.#shell.lab('stop', instance.name)],
        };
      }
      case 'cut-route': {
        const { routeTableId, destination } = request;
        const taken = takeRoute(region, routeTableId, destination);
        if (taken === undefined)
          throw new AskedError(`${routeTableId} has no route to ${destination} to cut.`, 404);
        return this.#cut(region, taken);
      }
      case 'revoke-rule': {
        const { groupId, direction, ruleId } = request;
        const taken = takeRule(region, groupId, direction, ruleId);
        if (taken === undefined)
          throw new AskedError(`${groupId} has no ${direction} rule ${ruleId}.`, 404);
        return this.#cut(region, taken);
      }
    }
  }

  #cut(region: Region, taken: Taken) {
    const text = `${takenText(region, taken)} is gone`;
    return { undo: taken, text, commands: [takeCommand(this.#shell, taken)] };
  }

  async #take(undo: Undo): Promise<void> {
    switch (undo.kind) {
      case 'machine':
        return this.#context.lab().machines.stop(undo.instance);
      case 'route': {
        const { destination } = undo.route;
        const end = destination.startsWith('pl-')
          ? { DestinationPrefixListId: destination }
          : destination.includes(':')
            ? { DestinationIpv6CidrBlock: destination }
            : { DestinationCidrBlock: destination };
        return this.#call('DeleteRoute', { RouteTableId: undo.routeTableId, ...end });
      }
      case 'rule': {
        const side = undo.direction === 'ingress' ? 'Ingress' : 'Egress';
        return this.#call(`RevokeSecurityGroup${side}`, {
          ...{ GroupId: undo.groupId, SecurityGroupRuleIds: [undo.rule.id] },
        });
      }
    }
  }

  /** The call of EC2 itself, as the lab's administrator. */
  async #call(name: string, input: Structure): Promise<void> {
    const { services, keys, region } = this.#context.lab();
    const operation = SERVICES['ec2']?.operations[name];
    if (operation === undefined) throw new Error(`The lab's EC2 has no ${name}.`);
    const principal = { kind: 'administrator' } as const;
    await operation.handle(input, {
      ...{ context: services.endpoints, region, principal, credential: { ...keys, principal } },
      ...{ requestId: 'console', demand: () => {} },
    });
  }

  async #undo(undo: Undo): Promise<void> {
    const { world, machines, region } = this.#context.lab();
    if (undo.kind !== 'machine') return world.change((now) => putBack(now, undo));
    // One that is gone for good, e.g. replaced by its group, has nothing to come back to.
    const instance = region.instances[undo.instance.id];
    if (instance !== undefined) await machines.start(instance);
  }

  #undoCommand(undo: Undo): string {
    return undo.kind === 'machine'
      ? this.#shell.lab('start', undo.instance.name)
      : putBackCommand(this.#shell, undo);
  }

  async #broken(): Promise<DrillState['broken']> {
    const [policies, arrows, site] = await Promise.all([
      this.#context.model.of({ call: 'broken' }),
      this.#arrows(),
      this.#site.ask(),
    ]);
    return [
      ...brokenMachines(this.#context.view.status()),
      ...brokenSite(site),
      ...policies.map((text) => ({ kind: 'policy', text }) as const),
      ...(this.#done.length === 0 ? [] : brokenPaths(this.#before, arrows)),
    ];
  }
}
