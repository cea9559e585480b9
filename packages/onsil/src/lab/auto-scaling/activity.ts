import { hashOf } from '../../region/hash.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export interface Activity {
  readonly id: string;
  readonly groupName: string;
  readonly description: string;
  readonly cause: string;
  readonly status: 'InProgress' | 'Successful' | 'Failed';
  /** Why it failed. */
  readonly message?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** A group's, kept for as long as AWS keeps them at least in number. */
const MOST = 100;

/** What was done to groups, and why. */
export class ActivityLog {
  readonly #activities = new Map<string, Activity>();
  readonly #now: () => number;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The newest first; of one group, or of all. */
  of(groupName?: string): readonly Activity[] {
    return [...this.#activities.values()]
      .filter((each) => groupName === undefined || each.groupName === groupName)
      .toReversed();
  }

  /** @param cause in AWS's words, without the time, which is put before it */
  begin(groupName: string, description: string, cause: string): Activity {
    this.#count += 1;
    const digits = hashOf('activity', groupName, String(this.#count));
    const startedAt = this.#now();
    const activity: Activity = {
      id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
      ...{ groupName, description, startedAt, status: 'InProgress' },
      cause: `At ${new Date(startedAt).toISOString().slice(0, 19)}Z ${cause}.`,
    };
    this.#activities.set(activity.id, activity);
    for (const { id } of this.of(groupName).slice(MOST)) this.#activities.delete(id);
    return activity;
  }

  /** @param failure why it did not come about; nothing where it did */
  end({ id }: Activity, failure?: unknown): void {
    const activity = this.#activities.get(id);
    if (activity === undefined) return;
    const message = failure instanceof Error ? failure.message : String(failure);
    this.#activities.set(id, {
      ...{ ...activity, endedAt: this.#now() },
      ...(failure === undefined ? { status: 'Successful' } : { status: 'Failed', message }),
    });
  }

  /** One that is over as soon as it is told. */
  note(groupName: string, description: string, cause: string): Activity {
    const activity = this.begin(groupName, description, cause);
    this.end(activity);
    return this.#activities.get(activity.id) ?? activity;
  }
}
