/**
 * Where the process stands in its life. The server listens from the first moment, so that the health
 * check can say `starting` while the database is not up or not migrated, and `draining` at the end.
 */
export interface Readiness {
  state: 'starting' | 'ready' | 'draining';
}
