/** Under which name signals to a resource are kept, beside those to handles of wait conditions. */
export function signalKey(stackName: string, logicalId: string): string {
  return `${stackName}/${logicalId}`;
}
