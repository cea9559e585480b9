/** What a stack is made with, beside its template. */
import type { JsonMap } from '../region/json.ts';
import type { Parameter } from '../region/parameter.ts';
import type { Table } from '../region/region.ts';
import type { NestedTemplate } from './nested-stack.ts';

export interface StackOptions {
  /** Letters, digits and hyphens, a letter first, at most 128. */
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Its ARN, where it is not the first stack of that name. */
  readonly stackId?: string;
  /** Salt of the addresses that wait conditions are signalled at. */
  readonly secret: string;
  /** Values that other stacks of the region export, by name. */
  readonly exports?: Readonly<Record<string, string>>;
  /**
   * How often resources were replaced, by logical id; those of nested stacks by
   * `Nested.LogicalId`. Absent: never.
   */
  readonly generations?: Readonly<Record<string, number>>;
  /**
   * Data of the versions that launch templates had, the oldest first, by logical id as for
   * generations. Absent: none.
   */
  readonly formerVersions?: Readonly<Record<string, readonly JsonMap[]>>;
  /** Whether Auto Scaling groups are made empty, for a lab that launches their instances. */
  readonly launchesLater?: boolean;
  /**
   * The template at the TemplateURL of a nested stack; nothing where there is none, null where it
   * is not at hand: then, as without this function, the nested stack is recorded by name.
   */
  readonly nestedTemplate?: (templateUrl: string) => NestedTemplate | null | undefined;
  /**
   * What CloudFormation cannot know before it asks the services, e.g. a block that overlaps with
   * another one: as resources that are `refused`, in the place of problems that are thrown.
   */
  readonly keepRefused?: boolean;
  /**
   * What the parameter store has beside the region's own, by name; of a SecureString no value is
   * asked.
   */
  readonly parameterStore?: Table<Parameter>;
}
