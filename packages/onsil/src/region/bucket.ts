/** Its objects are data, not infrastructure: the lab's object store holds them. */
export interface Bucket {
  readonly name: string;
  readonly versioning: boolean;
}
