"""cfn-signal: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-signal.html"""
import base64
import json
import urllib.request

from .client import Failure, call, instance_metadata
from .program import options, run, say


def main():
    parser = options('cfn-signal')
    parser.add_argument('-s', '--success', default='true')
    parser.add_argument('-e', '--exit-code', type=int)
    parser.add_argument('-r', '--reason')
    parser.add_argument('-d', '--data', default='')
    parser.add_argument('-i', '--id')
    parser.add_argument('--stack')
    parser.add_argument('--resource')
    parser.add_argument('handle', nargs='?', help='the URL of a wait condition handle')
    given = parser.parse_args()

    def work():
        good = given.exit_code == 0 if given.exit_code is not None else given.success == 'true'
        unique = given.id or instance_metadata('/meta-data/instance-id')
        if given.resource is not None:
            if given.stack is None:
                raise Failure('Error: You must specify --stack with --resource')
            signal_resource(given, unique, good)
        elif given.handle is None:
            raise Failure('Error: No signal URL specified')
        else:
            signal_handle(given, unique, good)
        say('cfn-signal: %s' % ('SUCCESS' if good else 'FAILURE'))

    return run('cfn-signal', work)


def signal_resource(given, unique, good):
    parameters = {
        'StackName': given.stack,
        'LogicalResourceId': given.resource,
        'UniqueId': unique,
        'Status': 'SUCCESS' if good else 'FAILURE',
    }
    call('SignalResource', parameters, given.region, given.url)


def signal_handle(given, unique, good):
    url = given.handle
    if not url.startswith('http'):
        try:
            url = base64.b64decode(url, validate=True).decode()
        except ValueError as error:
            raise Failure('"%s" is not the URL of a wait condition handle' % url) from error
    reason = given.reason or ('Configuration Complete' if good else 'Configuration Failed')
    body = {
        'Status': 'SUCCESS' if good else 'FAILURE',
        'Reason': reason,
        'UniqueId': unique,
        'Data': given.data,
    }
    request = urllib.request.Request(
        url, data=json.dumps(body).encode(), method='PUT', headers={'Content-Type': ''}
    )
    urllib.request.urlopen(request, timeout=60).close()
