"""Archives that are unpacked into folders."""
import io
import os
import tarfile
import urllib.request
import zipfile

from .client import Failure


def unpack(wanted, _changed):
    for folder, url in wanted.items():
        content = io.BytesIO(fetch(url))
        os.makedirs(folder, exist_ok=True)
        if zipfile.is_zipfile(content):
            with zipfile.ZipFile(content) as archive:
                archive.extractall(folder)
            continue
        content.seek(0)
        try:
            with tarfile.open(fileobj=content) as archive:
                archive.extractall(folder)
        except tarfile.TarError as error:
            raise Failure('%s is not a zip or tar archive' % url) from error
    return set(wanted)


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read()
    except OSError as error:
        raise Failure('%s cannot be fetched: %s' % (url, error)) from error
