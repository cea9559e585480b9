/** Whether the site answers from the lab's Internet, looked at every few seconds. */
import { request } from 'node:https';
import { edgeOptions } from '../../lab/daemon/site.ts';
import { EdgeAgent } from '../../lab/forwarder/edge-agent.ts';
import type { LiveSite } from '../api.ts';
import type { Context } from './context.ts';

const PERIOD_MS = 3000;
const PATIENCE_MS = 2000;

export class SiteCheck {
  readonly #context: Context;
  #known: LiveSite | null = null;
  #asked = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** What is known; asks anew where that is old. */
  look(): LiveSite | null {
    const now = performance.now();
    if (this.#asking === undefined && now - this.#asked > PERIOD_MS) {
      this.#asked = now;
      this.#asking = this.ask().then(
        (site) => {
          this.#known = site;
          this.#asking = undefined;
        },
        () => {
          this.#asking = undefined;
        },
      );
    }
    return this.#known;
  }

  close(): void {
    this.#known = null;
    this.#asked = Number.NEGATIVE_INFINITY;
  }

  /** The answer now; null where the lab has no site. */
  async ask(): Promise<LiveSite | null> {
    const lab = this.#context.view.lab();
    const edge = lab === undefined ? undefined : edgeOptions(lab);
    const url = lab?.metadata?.health;
    if (edge === undefined || url === undefined) return null;
    const agent = new EdgeAgent({ ...edge, timeout: PATIENCE_MS });
    try {
      const status = await statusOf(url, agent);
      return { url, answers: status === 200, text: `HTTP ${status}` };
    } catch (error) {
      return { url, answers: false, text: error instanceof Error ? error.message : String(error) };
    } finally {
      agent.destroy();
    }
  }
}

function statusOf(url: string, agent: EdgeAgent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, timeout: PATIENCE_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer within 2 s')));
    outgoing.once('error', reject);
    outgoing.end();
  });
}
