"""Groups and users: made where they are not there yet, left alone where they are."""
import grp
import pwd

from .packages import command


def exists(look, name):
    try:
        look(name)
    except KeyError:
        return False
    return True


def groups(wanted, _changed):
    for name, options in wanted.items():
        if exists(grp.getgrnam, name):
            continue
        gid = (options or {}).get('gid')
        command(['groupadd', '--system', *(['--gid', str(gid)] if gid else []), name])


def users(wanted, _changed):
    for name, options in wanted.items():
        if exists(pwd.getpwnam, name):
            continue
        options = options or {}
        words = ['useradd', '--system', '--no-create-home', '--shell', '/sbin/nologin']
        if options.get('uid'):
            words += ['--uid', str(options['uid'])]
        if options.get('groups'):
            words += ['--groups', ','.join(options['groups'])]
        if options.get('homeDir'):
            words += ['--home-dir', options['homeDir']]
        command([*words, name])
