/**
 * A place to send signals to: `url` takes the PUT of a JSON signal.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-waitconditionhandle.html
 */
export interface WaitConditionHandle {
  readonly id: string;
  readonly logicalId: string;
  readonly url: string;
}

/** Complete after `count` signals of success; failed by one of failure or after `timeout`. */
export interface WaitCondition {
  readonly id: string;
  readonly logicalId: string;
  readonly handleId: string;
  readonly count: number;
  /** Seconds. */
  readonly timeout: number;
}
