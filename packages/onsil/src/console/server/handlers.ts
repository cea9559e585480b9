/** Every call of the page, by its route. */
import { readUsage } from '../../lab/daemon/usage.ts';
import { ruleNames } from '../../lab/decider-text.ts';
import type { Calls, PowerRequest } from '../api.ts';
import type { Drill } from '../drill/drill.ts';
import { drillIn, questionIn } from './bodies.ts';
import type { Context } from './context.ts';
import type { Shell } from './names.ts';
import { power } from './power.ts';
import { prove, whyCommand } from './prove.ts';
import { costOf, groupOf, sceneOf, stateOf } from './state.ts';

type Given = { readonly query: URLSearchParams; readonly body: unknown };
type AnswerOf<Route extends keyof Calls> = Calls[Route]['answer'];
export type Handlers = {
  readonly [Route in keyof Calls]: (given: Given) => AnswerOf<Route> | Promise<AnswerOf<Route>>;
};

export function handlersOf(context: Context, shell: Shell, drill: Drill): Handlers {
  const { model } = context;
  return {
    'GET /api/state': async () => ({
      ...(await stateOf(context)),
      commands: [shell.lab('status')],
    }),

    'GET /api/map': async () => ({
      revision: context.revision,
      ...(await sceneOf(context)),
      commands: [
        shell.question('diagram', '--cost', '-o', 'map.svg'),
        shell.lab('status'),
        shell.lab('flow'),
      ],
    }),

    'GET /api/host': async ({ query }) => {
      const name = query.get('name') ?? '';
      const { region } = context.ground();
      const reach = await model.of({ call: 'host', of: name });
      const own = Object.values(region.securityGroups).map((each) => groupOf(region, each));
      const words = ['--from', '--to'].map((option) => shell.question('reach', option, name));
      return {
        ...{ name, ...reach, commands: words },
        groups: own.filter(({ members }) => members.includes(name)),
      };
    },

    'POST /api/ask': async ({ body }) => {
      const question = questionIn(body);
      const answer = await model.of({ call: 'ask', of: question });
      return { ...answer, commands: [whyCommand(shell, question)] };
    },

    'POST /api/prove': ({ body }) => prove(context, shell, questionIn(body)),

    'GET /api/matrix': async () => ({
      ...(await model.of({ call: 'matrix' })),
      commands: [shell.question('reach'), shell.question('reach', '--internet')],
    }),

    'GET /api/policies': async () => ({
      ...(await model.of({ call: 'policies' })),
      commands: [shell.question('check')],
    }),

    'GET /api/unused': () => {
      const { region, fabric } = context.lab();
      const usage = readUsage(region, fabric);
      const unused = usage
        .filter(({ packets }) => packets === 0)
        .map(({ decider, inForce }) => {
          const [of, text] = ruleNames(region, decider);
          return { of, text, inForce };
        });
      const inForce = usage.filter((each) => each.inForce).length;
      return { unused, inForce, commands: [shell.lab('check', '--unused')] };
    },

    'GET /api/cost': () => ({ ...costOf(context), commands: [shell.question('cost')] }),

    'POST /api/power': ({ body }) => power(context, shell, body as Partial<PowerRequest>),

    'GET /api/drill': () => drill.state(),

    'POST /api/drill': ({ body }) => drill.begin(drillIn(body)),

    'POST /api/drill/restore': () => drill.restore(),
  };
}
