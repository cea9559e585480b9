"""cfn-get-metadata: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-get-metadata.html"""
import json

from .client import Failure, resource_metadata
from .program import options, run


def main():
    parser = options('cfn-get-metadata')
    parser.add_argument('-s', '--stack', required=True)
    parser.add_argument('-r', '--resource', required=True)
    parser.add_argument('-k', '--key', help='the dotted path of a part')
    given = parser.parse_args()

    def work():
        found = resource_metadata(given.stack, given.resource, given.region, given.url)
        for part in given.key.split('.') if given.key else []:
            if not isinstance(found, dict) or part not in found:
                raise Failure('There is no "%s" in the metadata' % given.key)
            found = found[part]
        print(json.dumps(found, indent=4))

    return run('cfn-get-metadata', work)
