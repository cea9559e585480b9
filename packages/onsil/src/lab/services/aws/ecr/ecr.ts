/**
 * Enough for CDK to see that there are no images: the lab runs no containers.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
 */
import { AwsError } from '../../endpoints/error.ts';
import type { ServiceDefinition } from '../operation.ts';
import { texts } from '../value.ts';

export const ecr: ServiceDefinition = {
  prefix: 'ecr',
  operations: {
    DescribeRepositories: {
      handle: (input, { region }) => {
        const [name] = texts(input, 'repositoryNames');
        if (name === undefined) return { repositories: [] };
        const message = `The repository with name '${name}' does not exist in the registry with id '${region.account}'`;
        throw new AwsError(400, 'RepositoryNotFoundException', message);
      },
    },
  },
};
