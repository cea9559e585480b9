import type { Json, JsonMap } from '../region/json.ts';

/** A template whose form was checked; its intrinsic functions are in their long form. */
export interface Template {
  readonly fileName: string;
  readonly description?: string;
  readonly metadata: JsonMap;
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  /** Map name, top-level key, second-level key. */
  readonly mappings: Readonly<Record<string, JsonMap>>;
  readonly conditions: JsonMap;
  readonly rules: Readonly<Record<string, JsonMap>>;
  /** In the order of the template. */
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly outputs: Readonly<Record<string, OutputDeclaration>>;
  /** Names of the macros of `Transform`. */
  readonly transforms: readonly string[];
  /** The template as it was written, where it has loops: their lists may be parameters. */
  readonly unexpanded?: JsonMap;
  /** Where each path of the template is in the file. */
  readonly positions: Readonly<Record<string, Position>>;
}

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export interface ParameterDeclaration {
  readonly type: string;
  readonly default?: string;
  readonly description?: string;
  readonly noEcho: boolean;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly constraintDescription?: string;
}

export interface ResourceDeclaration {
  readonly type: string;
  readonly properties: JsonMap;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  readonly metadata?: Json;
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
  readonly creationPolicy?: Json;
  readonly updatePolicy?: Json;
}

export interface OutputDeclaration {
  readonly value: Json;
  readonly description?: string;
  readonly condition?: string;
  readonly exportName?: Json;
}

/** The position of a path, or of the nearest place around it that the file has. */
export function locate(template: Pick<Template, 'positions'>, path: string): Position | undefined {
  let place = path;
  while (place !== '') {
    const found = template.positions[place];
    if (found !== undefined) return found;
    place = place.slice(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('['), 0));
  }
  return undefined;
}
