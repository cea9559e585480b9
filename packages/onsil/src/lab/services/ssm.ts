import type { Parameter } from '../../region/parameter.ts';
import type { EndpointContext } from './endpoints/exchange.ts';

/** A parameter that the lab keeps beside the region: secrets, and what instances put. */
export interface KeptParameter extends Parameter {
  /** From 1. */
  readonly version: number;
  /** Milliseconds. */
  readonly lastModified: number;
}

/** Parameters kept by the lab; they come before the region's of the same name. */
export interface ParameterStore {
  list(): Iterable<KeptParameter>;
  get(name: string): KeptParameter | undefined;
  /** @param lasting it outlives the process, where the store can do that */
  put(parameter: KeptParameter, lasting?: boolean): void | Promise<void>;
  /** Whether there was one. */
  delete(name: string): boolean | Promise<boolean>;
}

export interface SsmContext extends EndpointContext {
  readonly parameters: ParameterStore;
}

/** Keeps parameters for as long as the process lives. */
export function memoryParameterStore(initial: Iterable<Parameter> = []): ParameterStore {
  const kept = new Map<string, KeptParameter>();
  for (const parameter of initial) {
    kept.set(parameter.name, { ...parameter, version: 1, lastModified: Date.now() });
  }
  return {
    list: () => kept.values(),
    get: (name) => kept.get(name),
    put: (parameter) => {
      kept.set(parameter.name, parameter);
    },
    delete: (name) => kept.delete(name),
  };
}
