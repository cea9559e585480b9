/** AWS's published description of a service: what requests hold, and how answers are written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ProtocolName = 'ec2' | 'query' | 'json' | 'rest-xml';

/** A shape, or the use of one: what is absent is a string. */
export interface Shape {
  readonly shape?: string;
  readonly type?:
    | ('structure' | 'list' | 'map' | 'string' | 'character' | 'boolean' | 'integer' | 'long')
    | ('float' | 'double' | 'timestamp' | 'blob');
  readonly members?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly member?: Shape;
  readonly key?: Shape;
  readonly value?: Shape;
  readonly flattened?: boolean;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';
  readonly payload?: string;
  readonly resultWrapper?: string;
  readonly xmlNamespace?: { readonly uri: string };
  readonly timestampFormat?: string;
}

export interface OperationModel {
  readonly http?: {
    readonly method?: string;
    readonly requestUri: string;
    readonly responseCode?: number;
  };
  readonly input?: Shape;
  readonly output?: Shape;
}

export interface ServiceModel {
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly globalEndpoint?: string;
    readonly protocol: ProtocolName;
    readonly jsonVersion?: string;
    readonly serviceFullName: string;
    readonly signingName?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  /** That the lab has. */
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Names of operations that AWS has and the lab has not. */
  readonly others: readonly string[];
}

const loaded = new Map<string, ServiceModel>();

/** The model of a service, read at the first use. */
export function modelOf(service: string): ServiceModel {
  const known = loaded.get(service);
  if (known !== undefined) return known;
  const file = join(import.meta.dirname, 'models', `${service}.json`);
  const model = JSON.parse(readFileSync(file, 'utf8')) as ServiceModel;
  loaded.set(service, model);
  return model;
}

/** The use of a shape together with the shape itself; what the use says goes before. */
export function resolveShape(model: ServiceModel, use: Shape): Shape {
  if (use.shape === undefined) return use;
  return { ...model.shapes[use.shape], ...use };
}

export function typeOf(shape: Shape): NonNullable<Shape['type']> {
  return shape.type ?? (shape.members === undefined ? 'string' : 'structure');
}
