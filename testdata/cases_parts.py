"""The rules of payload and media, which go by the directory alone (docs/rules.md, section 2)."""
from container import PAYLOAD, PHOTO, container, json_text, media, payload
from corpus import ANY

NO_MEDIA_NAMED = payload({'media:tags': None, 'analyses': [{'type': 'quality'}]})


def add(corpus):
    corpus.invalid('payload.missing', container(parts={'payload.json': None}))
    corpus.invalid('payload.missing-but-in-ext', container(parts={'payload.json': None, 'ext/payload.json': b'{}'}))
    corpus.reject('invalid/payload.missing.ozc', 'payload.missing', 'skip=content')

    corpus.invalid('media.missing', container(parts={PHOTO: None, 'payload.json': NO_MEDIA_NAMED}))
    corpus.invalid('media.missing-but-in-ext', container(parts={
        PHOTO: None, 'payload.json': NO_MEDIA_NAMED, 'ext/photo.png': media('photo.png')}))
    # Whether nothing at all is of another kind than its extension says, the rules leave open.
    corpus.invalid('media.empty', container(parts={PHOTO: b''}), entry=PHOTO, warnings=ANY)
    tags = {**PAYLOAD['media:tags'], 'second.png': ['photo_id']}
    corpus.invalid('media.empty-second', container(parts={
        'media/second.png': b'', 'payload.json': json_text({**PAYLOAD, 'media:tags': tags})}),
        entry='media/second.png', warnings=ANY)
