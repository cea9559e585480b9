/** An engine over a region alone, without a kernel: for tests. */
import { testRegion } from '../../cloudformation/testing.ts';
import type { Region } from '../../region/region.ts';
import type { Applier, Removal, Work } from './applier.ts';
import { StackEngine } from './engine.ts';
import { causesReplacement } from './specification.ts';
import { StackError, type StackInput } from './stack-service.ts';

/** Changes a region, and completes each resource when it is let. */
export class RegionApplier implements Applier {
  /** Everything that was done, in order: `create Vpc`, `remove Web`. */
  readonly done: string[] = [];
  /** Reasons of failures to come, by the same words; each comes once. */
  readonly faults = new Map<string, string>();
  /** What takes time, by the same words. */
  readonly waits = new Map<string, Promise<void>>();
  #region: Region;

  constructor(region: Region) {
    this.#region = region;
  }

  readonly region = (): Region => this.#region;

  readonly change = (step: (now: Region) => Region): Promise<void> => {
    this.#region = step(this.#region);
    return Promise.resolve();
  };

  readonly create = ({ resource }: Work): Promise<void> => this.#do(`create ${resource.logicalId}`);
  readonly update = ({ resource }: Work): Promise<void> => this.#do(`update ${resource.logicalId}`);
  readonly remove = ({ resource }: Removal): Promise<void> =>
    this.#do(`remove ${resource.logicalId}`);

  async #do(what: string): Promise<void> {
    this.done.push(what);
    await this.waits.get(what);
    const fault = this.faults.get(what);
    this.faults.delete(what);
    if (fault !== undefined) throw new Error(fault);
  }
}

/** An engine whose clock counts its readings. */
export function testEngine(region = testRegion()) {
  const applier = new RegionApplier(region);
  let now = 0;
  const engine = new StackEngine({
    applier,
    now: () => {
      now += 1;
      return now;
    },
    secret: 'salt',
    causesReplacement,
  });
  return { engine, applier };
}

/** The code and the message with which it refuses. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StackError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('It was not refused.');
}

/** The input for a stack `shop`. */
export const input = (templateBody: string, more: Partial<StackInput> = {}): StackInput => ({
  stackName: 'shop',
  templateBody,
  parameters: {},
  ...more,
});

/** For `inVpc`: an instance `Web` in the private subnet; `more` are further resources. */
export const WEB = (more = '', properties = '') => `
Web:
  Type: AWS::EC2::Instance
  Properties: {SubnetId: !Ref Private, ImageId: ami-0web, InstanceType: t3.nano${properties}}
${more}`;

/** An engine in which the stack was created, for better or worse. */
export async function created(template: string, more: Partial<StackInput> = {}) {
  const lab = testEngine();
  lab.engine.createStack(input(template, more));
  const record = await lab.engine.settled('shop');
  return { ...lab, record };
}

/** Everything that happened to a stack, in order: `Web CREATE_COMPLETE`. */
export const statuses = (engine: StackEngine, nameOrId = 'shop'): readonly string[] =>
  engine
    .events(engine.find(nameOrId)?.id ?? '')
    .toReversed()
    .map(({ logicalId, status }) => `${logicalId} ${status}`);
