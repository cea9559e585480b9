import type { Activity } from '../../../auto-scaling/activity.ts';
import type { Operations } from '../operation.ts';
import { type Structure, text } from '../value.ts';
import { lists } from './describe.ts';

export const activityOperations: Operations = {
  DescribeScalingActivities: lists<Activity>(
    'Activities',
    'ActivityIds',
    ({ id }) => id,
    ({ context }, input) =>
      context.control.scaling.activities.of(text(input, 'AutoScalingGroupName')),
    printActivity,
  ),
};

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export function printActivity(activity: Activity): Structure {
  const { id, groupName, description, cause, status, message, startedAt, endedAt } = activity;
  return {
    ...{ ActivityId: id, AutoScalingGroupName: groupName, Description: description, Cause: cause },
    ...{ StartTime: startedAt, EndTime: endedAt, StatusCode: status, StatusMessage: message },
    ...{ Progress: status === 'InProgress' ? 50 : 100, Details: '{}' },
  };
}
