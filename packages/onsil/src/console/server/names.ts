/** Shell lines that do what the console does, for the lab that it is of. */
import type { LabStatus } from '../../lab/daemon/status.ts';
import { labLine, onsilLine } from '../shell-line.ts';

/** As a person types it who stands in the lab's folder. */
export class Shell {
  readonly #status: () => Pick<LabStatus, 'lab' | 'service' | 'project'>;

  constructor(status: () => Pick<LabStatus, 'lab' | 'service' | 'project'>) {
    this.#status = status;
  }

  /** A command about the lab that is up. */
  lab(command: string, ...words: readonly string[]): string {
    return labLine(this.#status(), command, ...words);
  }

  /** A question about its template. */
  question(command: string, ...words: readonly string[]): string {
    const { service, project } = this.#status();
    return onsilLine(command, ...words, ...(service === null ? ['--template', project] : []));
  }

  /** A call of AWS's own client. */
  aws(service: string, operation: string, ...words: readonly string[]): string {
    return this.lab('aws', '--', service, operation, ...words);
  }
}
