"""One container from its parts (docs/format.md, section 1).

A case says what is different about it; hash list and signature are made again from that, so that nothing is wrong but
what the case is about.
"""
import functools
import hashlib
import json
import pathlib

from ozckeys import sign
from ozctoken import token
from ozczip import Archive, Entry

MIMETYPE = b'application/x.ozcapsula-v1+zip'
PHOTO = 'media/photo.png'
PAYLOAD = {
    'folder:meta_data': {'reference': 'TEST'},
    'media:tags': {'photo.png': ['photo_selfie', 'orientation_portrait']},
    'analyses': [{'type': 'quality', 'source_media': ['photo.png']}],
}


@functools.lru_cache(maxsize=None)
def media(name):
    return (pathlib.Path(__file__).resolve().parent / 'media' / name).read_bytes()


def json_text(value):
    return json.dumps(value, separators=(',', ':')).encode()


def payload(changes):
    """payload.json with some members changed; None removes one."""
    return json_text({name: value for name, value in {**PAYLOAD, **changes}.items() if value is not None})


def hash_list(parts):
    """hashes.sha256 as `sha256sum` writes it, in bytewise order (docs/format.md, section 3)."""
    return b''.join(hashlib.sha256(parts[name]).hexdigest().encode() + b'  ' + name.encode() + b'\n'
                    for name in sorted(parts, key=str.encode))


def container(*edits, parts=None, key='signer-p384', digest=None, first=('mimetype',)):
    """The bytes of a container.

    parts: a dict from entry name to content, where None leaves the entry out. For hashes.sha256 and signature the
           content may also be a function of the right one; the signature is made over the list as changed, but over
           the right list where the list is left out or empty.
    edits: functions that damage the archive (an ozczip.Archive) before it is written.
    key, digest: what signs it. first: entries that come first, in that order; the others follow.
    """
    changes = dict(parts or {})
    made = {name: changes.pop(name, lambda right: right) for name in ('hashes.sha256', 'signature')}
    parts = {'mimetype': MIMETYPE, 'payload.json': json_text(PAYLOAD), PHOTO: media('photo.png'), **changes}
    parts.setdefault('session_token', token())
    parts = {name: content for name, content in parts.items() if content is not None}

    def change(name, right):
        return made[name](right) if callable(made[name]) else made[name]

    right_list = hash_list(parts)
    hashes = change('hashes.sha256', right_list)
    signature = change('signature', sign(key, hashes or right_list, digest))
    parts.update({name: content for name, content in (('hashes.sha256', hashes), ('signature', signature))
                  if content is not None})

    order = [name for name in first if name in parts]
    order += [name for name in parts if name not in order]
    archive = Archive([Entry(name.encode(), parts[name]) for name in order])
    for edit in edits:
        edit(archive)
    return archive.to_bytes()


# Edits

def central(name, /, **fields):
    return lambda archive: archive[name].central.update(fields)


def local(name, /, **fields):
    return lambda archive: archive[name].local.update(fields)


def both(name, /, **fields):
    def edit(archive):
        archive[name].local.update(fields)
        archive[name].central.update(fields)
    return edit


def end(**fields):
    return lambda archive: archive.end.update(fields)


def place(name, /, **attributes):
    """Sets what an entry has besides its records' fields: before, after, has_local, has_central."""
    def edit(archive):
        for attribute, value in attributes.items():
            setattr(archive[name], attribute, value)
    return edit


def around(**attributes):
    """Sets what the archive has besides its entries: before_directory, before_end, after_end."""
    def edit(archive):
        for attribute, value in attributes.items():
            setattr(archive, attribute, value)
    return edit


def append(name, data=b'', **fields):
    """One more entry at the end of the archive, which the hash list does not know."""
    def edit(archive):
        archive.entries.append(Entry(name, data, dict(fields), dict(fields)))
    return edit
