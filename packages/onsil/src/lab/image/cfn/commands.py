"""Commands, by their names in alphabetical order."""
import os
import subprocess

from .client import Failure
from .program import say


def run_all(wanted, _changed):
    ran = set()
    for name in sorted(wanted):
        options = wanted[name]
        if 'command' not in options:
            raise Failure('Command %s has no command' % name)
        environment = {**os.environ, **{key: str(value) for key, value in options.get('env', {}).items()}}
        folder = options.get('cwd')
        if 'test' in options and run(options['test'], folder, environment) != 0:
            say('cfn-init: command %s is not needed: its test failed' % name)
            continue
        code = run(options['command'], folder, environment)
        if code == 0:
            ran.add(name)
        elif str(options.get('ignoreErrors', 'false')).lower() != 'true':
            raise Failure('Command %s failed with exit code %d' % (name, code))
        else:
            say('cfn-init: command %s failed with exit code %d, which is ignored' % (name, code))
    return ran


def run(command, folder, environment):
    if isinstance(command, list):
        command = [str(word) for word in command]
    return subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode
