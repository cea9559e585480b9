"""What the programs have in common: options, the log, and one line for what went wrong."""
import argparse
import os
import sys
import urllib.error

from .client import Failure

LOG = '/var/log/cfn-init.log'


def options(name):
    parser = argparse.ArgumentParser(prog=name, add_help=True, allow_abbrev=False)
    parser.add_argument('--region')
    parser.add_argument('-u', '--url', help='the endpoint of CloudFormation')
    # An instance is known without them.
    for ignored in ('--role', '--access-key', '--secret-key', '--credential-file', '-f'):
        parser.add_argument(ignored, help=argparse.SUPPRESS)
    for ignored in ('--http-proxy', '--https-proxy'):
        parser.add_argument(ignored, help=argparse.SUPPRESS)
    parser.add_argument('-v', '--verbose', action='store_true')
    return parser


def say(text):
    print(text, flush=True)
    with open(LOG, 'a', encoding='utf-8') as log:
        log.write(text + '\n')


def run(name, work):
    """Runs a program to its exit code."""
    os.environ['PATH'] = os.environ.get('PATH', '/usr/bin:/bin') + ':/usr/sbin:/sbin'
    try:
        return work() or 0
    except (Failure, OSError, urllib.error.URLError) as error:
        text = '%s: %s' % (name, error)
        print(text, file=sys.stderr, flush=True)
        with open(LOG, 'a', encoding='utf-8') as log:
            log.write(text + '\n')
        return 1
