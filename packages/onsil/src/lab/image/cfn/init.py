"""cfn-init: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html"""
import json

from . import accounts, commands, files, packages, services, sources
from .client import Failure, resource_metadata
from .program import options, run, say

KEY = 'AWS::CloudFormation::Init'
# In AWS's order, whatever the template's.
SECTIONS = [
    ('packages', packages.install),
    ('groups', accounts.groups),
    ('users', accounts.users),
    ('sources', sources.unpack),
    ('files', files.write),
    ('commands', commands.run_all),
    ('services', services.settle),
]


def configs_of(init, wanted):
    """Names of configs in the order of the config sets."""
    sets = init.get('configSets')
    if sets is None:
        if wanted != ['default']:
            raise Failure('Error: No ConfigSets specified, but %s asked for' % ', '.join(wanted))
        if 'config' not in init:
            raise Failure('There is no config and no configSets in ' + KEY)
        return ['config']
    found = []

    def walk(name, above):
        if name not in sets:
            raise Failure('Error: Could not find configSet %s; there are %s' % (name, ', '.join(sets)))
        if name in above:
            raise Failure('Circular dependency in configSets: ' + ' -> '.join([*above, name]))
        entries = sets[name]
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, dict):
                walk(entry['ConfigSet'], [*above, name])
            elif entry not in init:
                raise Failure('Error: Could not find config %s of configSet %s' % (entry, name))
            else:
                found.append(entry)

    for name in wanted:
        walk(name, [])
    return found


def build(init, wanted):
    for name in configs_of(init, wanted):
        config = init[name]
        unknown = set(config) - {section for section, _ in SECTIONS}
        if unknown:
            raise Failure('%s of config %s is not known' % (', '.join(sorted(unknown)), name))
        changed = {}
        for section, apply in SECTIONS:
            value = config.get(section)
            if not value:
                continue
            say('cfn-init: %s of config %s' % (section, name))
            changed[section] = apply(value, changed)


def main():
    parser = options('cfn-init')
    parser.add_argument('-s', '--stack')
    parser.add_argument('-r', '--resource')
    parser.add_argument('-c', '--configsets', default='default')
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('metadata', nargs='?', help='a file, instead of the metadata of a resource')
    given = parser.parse_args()

    def work():
        if given.metadata is not None:
            with open(given.metadata, encoding='utf-8') as file:
                metadata = json.load(file)
        elif not given.stack or not given.resource:
            raise Failure('Error: You must specify both a stack name and logical resource id')
        else:
            metadata = resource_metadata(given.stack, given.resource, given.region, given.url)
        if KEY not in metadata:
            raise Failure('Could not find "%s" key in template metadata' % KEY)
        try:
            build(metadata[KEY], given.configsets.split(','))
        except Failure as error:
            raise Failure('Error occurred during build: %s' % error) from error

    return run('cfn-init', work)
