"""Packages by the managers that this machine has."""
import os
import shutil
import subprocess

from .client import Failure

FOREIGN = ('yum', 'rpm', 'zypper', 'dnf', 'msi')


def system():
    with open('/etc/os-release', encoding='utf-8') as file:
        fields = dict(line.rstrip().split('=', 1) for line in file if '=' in line)
    return fields.get('PRETTY_NAME', 'another system').strip('"')


def versions_of(value):
    if isinstance(value, str):
        return [value] if value else []
    return list(value or [])


def install(managers, _changed):
    done = {}
    for manager in sorted(managers):
        wanted = managers[manager]
        if manager == 'apt':
            apt(wanted)
        elif manager in ('yum', 'dnf') and shutil.which(manager):
            names = [pinned(name, value, '-') for name, value in wanted.items()]
            command([manager, '-y', 'install', *names])
        elif manager == 'rpm' and shutil.which('rpm'):
            command(['rpm', '-U', '--replacepkgs', *[url for value in wanted.values() for url in versions_of(value)]])
        elif manager == 'python':
            tool('pip3', ['install', *[pinned(name, value, '==') for name, value in wanted.items()]])
        elif manager == 'rubygems':
            for name, value in wanted.items():
                versions = versions_of(value)
                tool('gem', ['install', name, *(['-v', versions[0]] if versions else [])])
        elif manager in FOREIGN:
            raise Failure(
                '%s: not found, for the packages %s — written for another system; this machine is %s'
                % (manager, ', '.join(sorted(wanted)), system())
            )
        else:
            raise Failure('"%s" is not a package manager of cfn-init' % manager)
        done[manager] = set(wanted)
    return done


def pinned(name, value, sign):
    versions = versions_of(value)
    return name + sign + versions[0] if versions else name


def apt(wanted):
    if not shutil.which('apt-get'):
        raise Failure('apt: not found — written for Debian or Ubuntu; this machine is %s' % system())
    command(['apt-get', '-q', 'update'])
    names = [pinned(name, value, '=') for name, value in wanted.items()]
    command(['apt-get', '-q', '-y', '--no-install-recommends', 'install', *names])


def tool(name, arguments):
    if not shutil.which(name):
        raise Failure('%s: not found; install it first' % name)
    command([name, *arguments])


def command(words):
    environment = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'}
    code = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    if code != 0:
        raise Failure('%s failed with exit code %d' % (' '.join(words), code))
