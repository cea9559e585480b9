/** What one check of the host says. */
export type CheckState = 'ok' | 'warning' | 'failed';

export interface Finding {
  /** `warning`: the lab runs, with something missing or to be known. `failed`: it does not. */
  readonly state: CheckState;
  readonly detail: string;
  /** A command that mends it; absent where the state is `ok`. */
  readonly fix?: string;
}

export interface Check extends Finding {
  readonly id: string;
  readonly title: string;
}

export const ok = (detail: string): Finding => ({ state: 'ok', detail });
export const warning = (detail: string, fix: string): Finding => ({
  state: 'warning',
  detail,
  fix,
});
export const failed = (detail: string, fix: string): Finding => ({ state: 'failed', detail, fix });

/** The first line of an error: the rest is for logs. */
export const reason = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, 2).join(' ');
};
