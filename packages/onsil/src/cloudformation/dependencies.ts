/** Which resource waits for which: by Ref, Fn::GetAtt, Fn::Sub and DependsOn, and by nothing else. */
import { gather, list, problem, together } from '../region/problem.ts';
import { type Reference, referencesOf } from './references.ts';
import type { ResourceDeclaration, Template } from './template.ts';

/** Direct dependencies by logical id, each in the order of the template. */
export type Dependencies = Readonly<Record<string, readonly string[]>>;

/**
 * The dependencies among the resources that are created. Ones whose condition is false, and
 * branches of Fn::If that are not taken, do not count.
 */
export function dependenciesOf(
  template: Template,
  created: readonly string[],
  holds: (condition: string) => boolean,
): Dependencies {
  const known = new Set(created);
  return Object.fromEntries(
    created.map((logicalId) => {
      const resource = template.resources[logicalId];
      const named = new Set(resource?.dependsOn);
      for (const { name } of resource === undefined ? [] : partsOf(resource, logicalId, holds)) {
        named.add(name);
      }
      // A parameter has its name for itself, so a name that is created is a resource.
      return [logicalId, created.filter((name) => named.has(name) && known.has(name))];
    }),
  );
}

/** Each resource after all that it depends on; ties in the order of the template. */
export function creationOrder(dependencies: Dependencies): readonly string[] {
  const order: string[] = [];
  const done = new Set<string>();
  const waiting = new Set(Object.keys(dependencies));
  while (waiting.size > 0) {
    const ready = [...waiting].find((name) =>
      (dependencies[name] ?? []).every((other) => done.has(other)),
    );
    if (ready === undefined) throw circle(dependencies, waiting);
    order.push(ready);
    done.add(ready);
    waiting.delete(ready);
  }
  return order;
}

/** Checks that everything named in resources and outputs exists, also where it is not used. */
export function checkReferences(template: Template): void {
  const resources = Object.entries(template.resources);
  const outputs = Object.entries(template.outputs);
  together(
    ...resources.flatMap(([logicalId, resource]) => [
      () => checkDependsOn(template, logicalId, resource),
      () => checkNames(template, partsOf(resource, logicalId)),
    ]),
    ...outputs.map(([name, { value, exportName }]) => () => {
      checkNames(template, [
        ...referencesOf(value, `Outputs.${name}.Value`),
        ...referencesOf(exportName ?? null, `Outputs.${name}.Export.Name`),
      ]);
    }),
  );
}

function checkDependsOn(
  template: Template,
  logicalId: string,
  { dependsOn }: ResourceDeclaration,
): void {
  gather(dependsOn, (name) => {
    if (template.resources[name] !== undefined) return;
    const known = list(Object.keys(template.resources));
    throw problem(
      `Resources.${logicalId}.DependsOn`,
      `"${name}" is not a resource of this template; there are ${known}.`,
      undefined,
      {
        text: 'Template format error: Unresolved resource dependencies [*] in the Resources block of the template',
        name,
      },
    );
  });
}

function checkNames(template: Template, references: readonly Reference[]): void {
  gather(references, ({ name, attribute, path, inText }) => {
    const isParameter = template.parameters[name] !== undefined && attribute === undefined;
    if (isParameter || template.resources[name] !== undefined || name.startsWith('AWS::')) return;
    const names = [
      ...(attribute === undefined ? Object.keys(template.parameters) : []),
      ...Object.keys(template.resources),
    ];
    const what = attribute === undefined ? 'neither a parameter nor a resource' : 'not a resource';
    throw problem(
      path,
      `"${name}" is ${what} of this template; there are ${list(names)}.`,
      inText && attribute === undefined
        ? `For the shell's own \${${name}} write \${!${name}}.`
        : undefined,
      {
        text: `Template format error: Unresolved resource dependencies [*] in the ${path.split('.')[0]} block of the template`,
        name,
      },
    );
  });
}

function partsOf(
  resource: ResourceDeclaration,
  logicalId: string,
  holds?: (condition: string) => boolean,
): readonly Reference[] {
  const path = `Resources.${logicalId}`;
  return [
    ...referencesOf(resource.properties, `${path}.Properties`, holds),
    ...referencesOf(resource.creationPolicy ?? null, `${path}.CreationPolicy`, holds),
  ];
}

function circle(dependencies: Dependencies, waiting: ReadonlySet<string>): Error {
  const chain: string[] = [];
  let name = [...waiting][0];
  while (name !== undefined && !chain.includes(name)) {
    chain.push(name);
    name = (dependencies[name] ?? []).find((other) => waiting.has(other));
  }
  const start = chain.indexOf(name ?? '');
  const round = [...chain.slice(start), name].join(' → ');
  return problem(
    `Resources.${name}`,
    `Resources depend on each other in a circle: ${round}.`,
    'Break it with a resource of its own, e.g. AWS::EC2::SecurityGroupIngress for a rule.',
    { text: `Circular dependency between resources: [${[...waiting].join(', ')}]` },
  );
}
