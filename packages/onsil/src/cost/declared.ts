/** The resources that a template declares, as the bill reads them. */
import type { Stack } from '../cloudformation/stack.ts';
import type { Template } from '../cloudformation/template.ts';
import type { Json, JsonMap } from '../region/json.ts';
import type { DeclaredResource } from './item.ts';

/** Those that the stack has; references to parameters are resolved, other functions stay. */
export function declaredResources(
  template: Template,
  { resources, parameters }: Pick<Stack, 'resources' | 'parameters'>,
): readonly DeclaredResource[] {
  return Object.entries(template.resources).flatMap(([logicalId, { type, properties }]) =>
    resources[logicalId] === undefined
      ? []
      : [{ logicalId, type, properties: resolved(properties, parameters) }],
  );
}

function resolved(properties: JsonMap, parameters: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, parameterOf(value, parameters)]),
  );
}

function parameterOf(value: Json, parameters: JsonMap): Json {
  const reference =
    typeof value === 'object' && value !== null && !Array.isArray(value) && 'Ref' in value
      ? value['Ref']
      : undefined;
  return typeof reference === 'string' ? (parameters[reference] ?? value) : value;
}
