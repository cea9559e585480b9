/** Shell lines that do what the console does, for the lab that it is of. */
import type { LabStatus } from '../../lab/daemon/status.ts';
import { word } from '../model/answers.ts';

/** As a person types it who stands in the lab's folder. */
export class Shell {
  readonly #status: () => Pick<LabStatus, 'lab' | 'service' | 'project'>;

  constructor(status: () => Pick<LabStatus, 'lab' | 'service' | 'project'>) {
    this.#status = status;
  }

  /** A command about the lab that is up. */
  lab(command: string, ...words: readonly string[]): string {
    const { lab, service } = this.#status();
    return line(command, service === lab ? [] : ['--lab', lab], words);
  }

  /** A question about its template. */
  question(command: string, ...words: readonly string[]): string {
    const { service, project } = this.#status();
    return line(command, [], service === null ? [...words, '--template', project] : words);
  }

  /** A call of AWS's own client. */
  aws(service: string, operation: string, ...words: readonly string[]): string {
    const { lab, service: own } = this.#status();
    return line('aws', own === lab ? [] : ['--lab', lab], ['--', service, operation, ...words]);
  }
}

const line = (command: string, options: readonly string[], words: readonly string[]): string =>
  ['npx onsil', command, ...[...options, ...words].map(word)].join(' ');
