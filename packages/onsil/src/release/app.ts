/** One app of the service, as its release needs to know it. */
export interface App {
  /** Part of object keys: lower case letters, digits and hyphens, e.g. `api`. */
  readonly id: string;
  /** Absolute path of its source folder; for java it may be a jar that is built already. */
  readonly source: string;
  readonly runtime: 'node' | 'java';
}

/** True where there is nothing to build. */
export const isJar = (app: App): boolean => app.runtime === 'java' && app.source.endsWith('.jar');

/** What a build must make, relative to the source folder. */
export const entryOf = (app: App): string =>
  app.runtime === 'java' ? 'dist/app.jar' : 'dist/server.mjs';
