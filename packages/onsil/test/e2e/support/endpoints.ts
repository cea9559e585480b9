/** The AWS endpoints of a lab without machines: the stack engine and every service are the real ones. */
import { testRegion } from '../../../src/cloudformation/testing.ts';
import { startTestLab, type TestLab } from '../../../src/lab/services/aws/testing.ts';

export interface Endpoints extends TestLab, AsyncDisposable {}

export async function endpoints(): Promise<Endpoints> {
  const lab = await startTestLab(testRegion());
  return { ...lab, [Symbol.asyncDispose]: () => lab.close() };
}
