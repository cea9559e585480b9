"""Files from content or from a source."""
import base64
import grp
import json
import os
import pwd
import re

from .client import Failure
from .sources import fetch


def write(wanted, _changed):
    changed = set()
    for path in wanted:
        if put(path, wanted[path]):
            changed.add(path)
    return changed


def put(path, options):
    """Whether the file is another one than before."""
    mode = int(str(options.get('mode', '000644')), 8)
    os.makedirs(os.path.dirname(path) or '/', exist_ok=True)
    content = content_of(path, options)
    if mode & 0o170000 == 0o120000:
        if os.path.lexists(path):
            os.remove(path)
        os.symlink(content.decode(), path)
        return True
    before = None
    if os.path.exists(path):
        with open(path, 'rb') as file:
            before = file.read()
    with open(path, 'wb') as file:
        file.write(content)
    os.chmod(path, mode & 0o7777)
    try:
        user = pwd.getpwnam(options.get('owner', 'root')).pw_uid
        group = grp.getgrnam(options.get('group', 'root')).gr_gid
    except KeyError as error:
        raise Failure('%s: there is no such owner or group: %s' % (path, error)) from error
    os.chown(path, user, group)
    return before != content


def content_of(path, options):
    if 'source' in options:
        return render(fetch(options['source']), options)
    if 'content' not in options:
        raise Failure('%s has neither content nor source' % path)
    content = options['content']
    if not isinstance(content, str):
        return render(json.dumps(content).encode(), options)
    encoding = options.get('encoding', 'plain')
    if encoding == 'base64':
        return render(base64.b64decode(content), options)
    if encoding != 'plain':
        raise Failure('%s: the encoding is "%s": it is plain or base64' % (path, encoding))
    return render(content.encode(), options)


def render(content, options):
    """Values of the context in the place of {{name}}; Mustache's sections are not known."""
    context = options.get('context')
    if context is None:
        return content

    def value(match):
        found = context
        for part in match.group(1).split('.'):
            found = found.get(part, '') if isinstance(found, dict) else ''
        return str(found)

    text = content.decode()
    if re.search(r'{{[#^>]', text):
        raise Failure("sections and partials ({{#…}}, {{>…}}) of Mustache are not known here")
    return re.sub(r'{{{?\s*([\w.-]+)\s*}?}}', value, text).encode()
