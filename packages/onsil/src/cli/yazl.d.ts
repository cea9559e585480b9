/** The part of yazl that is used here: it comes without types. */
declare module 'yazl' {
  export class ZipFile {
    readonly outputStream: import('node:stream').Readable;
    addFile(
      realPath: string,
      metadataPath: string,
      options: {
        readonly mtime: Date;
        readonly mode: number;
        /** Without the field that has the time in UTC. */
        readonly forceDosTimestamp: true;
      },
    ): void;
    end(): void;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
