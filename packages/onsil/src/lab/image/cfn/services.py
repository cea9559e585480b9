"""Services of systemd, which also runs those of sysvinit."""
import subprocess

from .client import Failure
from .packages import command


def settle(managers, changed):
    for manager, wanted in managers.items():
        if manager not in ('sysvinit', 'systemd'):
            raise Failure('services of "%s" cannot run here: there is systemd' % manager)
        for name, options in wanted.items():
            one(name, options or {}, changed)


def one(name, options, changed):
    if 'enabled' in options:
        command(['systemctl', '--quiet', 'enable' if true(options['enabled']) else 'disable', name])
    if 'ensureRunning' not in options:
        return
    running = subprocess.run(['systemctl', '--quiet', 'is-active', name], check=False).returncode == 0
    wanted = true(options['ensureRunning'])
    if wanted and not running:
        command(['systemctl', 'start', name])
    elif wanted and is_touched(options, changed):
        command(['systemctl', 'restart', name])
    elif running and not wanted:
        command(['systemctl', 'stop', name])


def is_touched(options, changed):
    """Whether something that the service depends on has changed."""
    for section in ('files', 'sources', 'commands'):
        if set(options.get(section, [])) & (changed.get(section) or set()):
            return True
    installed = changed.get('packages') or {}
    return any(
        set(names) & installed.get(manager, set())
        for manager, names in options.get('packages', {}).items()
    )


def true(value):
    return str(value).lower() in ('true', '1')
