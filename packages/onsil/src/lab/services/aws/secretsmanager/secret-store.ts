/** Values of secrets: data, not infrastructure, so they are beside the region and in no template. */
export interface KeptSecret {
  readonly name: string;
  /** With the six characters that AWS adds. */
  readonly arn: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The newest first. */
  readonly versions: readonly SecretVersion[];
  /** Milliseconds. */
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface SecretVersion {
  readonly id: string;
  readonly text?: string;
  readonly binary?: Uint8Array;
  readonly createdAt: number;
}

export interface SecretStore {
  list(): Iterable<KeptSecret>;
  get(name: string): KeptSecret | undefined;
  /** @param lasting it outlives the process, where the store can do that */
  put(secret: KeptSecret, lasting?: boolean): void | Promise<void>;
  delete(name: string): boolean | Promise<boolean>;
}

/** Keeps secrets for as long as the process lives. */
export function memorySecretStore(): SecretStore {
  const kept = new Map<string, KeptSecret>();
  return {
    list: () => kept.values(),
    get: (name) => kept.get(name),
    put: (secret) => {
      kept.set(secret.name, secret);
    },
    delete: (name) => kept.delete(name),
  };
}
