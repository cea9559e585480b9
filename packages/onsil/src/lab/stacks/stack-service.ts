/**
 * What the stacks of a running lab can be asked, in CloudFormation's own words. The daemon's
 * engine is behind it; the CloudFormation endpoint and `onsil up` are in front of it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html
 */
import type { ResourceChange } from '../../cloudformation/change.ts';
import type { NestedTemplate } from '../../cloudformation/nested-stack.ts';
import type { Stack } from '../../cloudformation/stack.ts';
import type { JsonMap } from '../../region/json.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | `${'CREATE' | 'DELETE'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `ROLLBACK_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED';

export type ResourceStatus =
  | `${'CREATE' | 'UPDATE' | 'DELETE'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'DELETE_SKIPPED';

export interface StackRecord {
  readonly name: string;
  /** Its ARN. */
  readonly id: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  /** As it was given, byte for byte. */
  readonly templateBody: string;
  /** As they were given, for UsePreviousValue. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly terminationProtection: boolean;
  readonly roleArn?: string;
  /** The ids of the stack that nests this one, and of the outermost. */
  readonly parentId?: string;
  readonly rootId?: string;
  /** Whether what fails is left as it is. */
  readonly disableRollback?: boolean;
  /** How long its creation may take. */
  readonly timeoutInMinutes?: number;
  /** What it made; absent before the first execution and after its end. */
  readonly stack?: Stack;
  /** By logical id. */
  readonly resourceStatus: Readonly<Record<string, StackResourceStatus>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
}

export interface StackResourceStatus {
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly at: number;
}

export interface StackEvent {
  readonly id: string;
  readonly stackId: string;
  readonly stackName: string;
  /** Of the stack itself: its name. */
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason?: string;
  readonly properties?: JsonMap;
  readonly at: number;
  readonly clientRequestToken?: string;
}

export type { ResourceChange };

export interface ChangeSet {
  readonly name: string;
  /** Its ARN. */
  readonly id: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  /** Of a failed one, e.g. that it contains no changes. */
  readonly statusReason?: string;
  readonly executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE';
  readonly description?: string;
  readonly templateBody: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly changes: readonly ResourceChange[];
  /** Of a change set with nested stacks: the ids of theirs, by logical id. */
  readonly nested?: Readonly<Record<string, string>>;
  /** Of the change set of a nested stack. */
  readonly parentId?: string;
  readonly rootId?: string;
  readonly createdAt: number;
}

/** By TemplateURL; null: not at hand, that nested stack is recorded by name. */
export type NestedTemplates = Readonly<Record<string, NestedTemplate | null>>;

/** What an update or a creation is asked with. */
export interface StackInput {
  readonly stackName: string;
  readonly templateBody: string;
  /** For messages, where there is a file; else `TemplateBody`. */
  readonly templateFile?: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of an update: keep the values that the stack has. */
  readonly usePreviousValue?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
  readonly onFailure?: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  /** Of a creation; whole minutes. */
  readonly timeoutInMinutes?: number;
  /** Types that the template may have: `AWS::*`, `AWS::EC2::*`, `Custom::*` or a type. Absent: all. */
  readonly resourceTypes?: readonly string[];
  /** A rollback takes what is new even where its DeletionPolicy is Retain. */
  readonly retainExceptOnCreate?: boolean;
  /** Refuse at once, with its place, also what only the services would refuse. */
  readonly checkAll?: boolean;
  /** Absent: nested stacks are recorded by name. See `missingTemplates`. */
  readonly nestedTemplates?: NestedTemplates;
  readonly roleArn?: string;
  readonly clientRequestToken?: string;
  readonly terminationProtection?: boolean;
}

export interface ChangeSetInput extends StackInput {
  readonly changeSetName: string;
  readonly type: ChangeSet['type'];
  readonly description?: string;
  /** Also of the stacks that are nested, each with a change set of its own. */
  readonly includeNested?: boolean;
}

/** What a change set is executed with. */
export interface ExecuteOptions {
  readonly token?: string;
  readonly onFailure?: StackInput['onFailure'];
  readonly retainExceptOnCreate?: boolean;
}

/**
 * Operations check and answer at once, as AWS's do, and work on in the background; `settled` waits
 * for them. They throw StackError with AWS's code (`ValidationError`, `AlreadyExistsException`,
 * `ChangeSetNotFound`, `InsufficientCapabilitiesException`, …) and message.
 */
export interface StackService {
  /** With deleted ones, the newest first. */
  stacks(): readonly StackRecord[];
  /** By name (of those that are there) or ARN (also of deleted ones). */
  find(nameOrId: string): StackRecord | undefined;
  /** The newest first. */
  events(stackId: string): readonly StackEvent[];
  changeSets(stackNameOrId: string): readonly ChangeSet[];
  /** `exports` of all stacks, with the id of the stack that exports each. */
  exports(): readonly { readonly name: string; readonly value: string; readonly stackId: string }[];
  /** Names of the stacks that import it. */
  imports(exportName: string): readonly string[];
  createChangeSet(input: ChangeSetInput): ChangeSet;
  deleteChangeSet(changeSetNameOrId: string, stackNameOrId?: string): void;
  executeChangeSet(
    changeSetNameOrId: string,
    stackNameOrId?: string,
    options?: ExecuteOptions,
  ): void;
  /** @returns the new stack's id */
  createStack(input: StackInput): string;
  updateStack(input: StackInput): string;
  deleteStack(
    nameOrId: string,
    options?: { readonly retain?: readonly string[]; readonly token?: string },
  ): void;
  /** Stops an update that is under way, and rolls it back. */
  cancelUpdate(nameOrId: string, token?: string): void;
  /** Of a stack whose creation or update failed and was left as it is. @returns its id */
  rollback(
    nameOrId: string,
    options?: { readonly retainExceptOnCreate?: boolean; readonly token?: string },
  ): string;
  /** Tries a rollback that failed once more. `skip`: paths of resources to leave as they are. */
  continueRollback(
    nameOrId: string,
    options?: { readonly skip?: readonly string[]; readonly token?: string },
  ): void;
  /** TemplateURLs of nested stacks that the input needs and has no templates of, as far as known. */
  missingTemplates(input: StackInput, isUpdate: boolean): readonly string[];
  setTerminationProtection(nameOrId: string, enabled: boolean): string;
  /** Resolves when nothing is in progress for the stack any more. */
  settled(nameOrId: string): Promise<StackRecord>;
  /** Told of each event, from now on. @returns ends it */
  subscribe(listener: (event: StackEvent) => void): () => void;
}

export class StackError extends Error {
  override readonly name = 'StackError';
  /** AWS's code, e.g. `ValidationError`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
