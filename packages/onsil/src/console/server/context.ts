/** What the console sees of a lab: all of it as it is at each moment. */
import type { DeclaredResource } from '../../cost/item.ts';
import type { LabStatus } from '../../lab/daemon/status.ts';
import type { Lab } from '../../lab/daemon/up.ts';
import { notModelledOf } from '../../reach/not-modelled-of.ts';
import { policiesOfAnyVpc } from '../../reach/policy/any-vpc.ts';
import { withoutUnusedDefaultVpc } from '../../region/default-vpc.ts';
import type { Region } from '../../region/region.ts';
import type { Ground } from '../model/answers.ts';
import { Model } from '../model/model.ts';

/** What was asked cannot be done as it was put, or not now: told to whoever asked. */
export class AskedError extends Error {
  override readonly name = 'AskedError';
  readonly status: 400 | 404 | 409;

  constructor(message: string, status: 400 | 404 | 409 = 400, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface LabView {
  /** Undefined until it is laid out. */
  readonly lab: () => Lab | undefined;
  readonly status: () => LabStatus;
  /** What of the status costs nothing to know. */
  readonly phase: () => LabStatus['phase'];
  /** What the lab's template declares, for the bill. */
  readonly resources: () => readonly DeclaredResource[];
}

export class Context {
  readonly view: LabView;
  readonly model: Model;
  #of: Region | undefined;
  #ground: Ground | undefined;
  #revision = 0;

  constructor(view: LabView) {
    this.view = view;
    this.model = new Model(() => this.ground());
  }

  /** Throws AskedError while it is not that far. */
  lab(): Lab {
    const lab = this.view.lab();
    if (lab !== undefined) return lab;
    throw new AskedError('The lab is not that far yet: its network is being laid out.', 409);
  }

  /** Changes with the region. */
  get revision(): number {
    if (this.view.lab() !== undefined) this.ground();
    return this.#revision;
  }

  /** The same object until the region is another one. */
  ground(): Ground {
    const { region, stack, metadata } = this.lab();
    if (region === this.#of && this.#ground !== undefined) return this.#ground;
    const own = withoutUnusedDefaultVpc(region);
    const cidr = stack?.parameters[metadata?.administrator.cidrParameter ?? ''];
    this.#of = region;
    this.#revision += 1;
    this.#ground = {
      region: own,
      notModelled: stack === undefined ? [] : notModelledOf(stack, own),
      policies: metadata?.policy ?? policiesOfAnyVpc(own),
      ...(typeof cidr === 'string' ? { administrator: cidr } : {}),
    };
    return this.#ground;
  }
}
