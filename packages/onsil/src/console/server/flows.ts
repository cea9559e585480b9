/** Connections as they happen, as `onsil flow` has them. */
import { becauseOf, concerns, endsOf, missing, serviceOf } from '../../lab/flow-record.ts';
import type { Flow, FlowLost } from '../api.ts';
import type { Context } from './context.ts';
import type { EventStream } from './stream.ts';

export async function tellFlow(
  context: Context,
  query: URLSearchParams,
  stream: EventStream<Flow | FlowLost>,
): Promise<void> {
  const [host, only] = [query.get('host'), query.get('only')];
  const { flow } = context.lab();
  const end = await flow.subscribe({
    tell: (event) => {
      if ('lost' in event) {
        stream.send(event);
        return;
      }
      const { region } = context.lab();
      const { time: at, accepted, packet } = event;
      if (only !== null && accepted !== (only === 'accepted')) return;
      if (host !== null && !concerns(region, event, host)) return;
      const [from, to] = endsOf(region, event);
      const because = becauseOf(region, event) + missing(region, event);
      const { bytes } = packet;
      stream.send({ at, accepted, from, to, service: serviceOf(packet), bytes, because });
    },
    fail: () => stream.end('The lab is not watched any more.'),
  });
  stream.onClose(end);
}
