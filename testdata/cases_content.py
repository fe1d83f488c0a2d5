"""The rules of content (docs/format.md, section 5). Every payload is hashed and signed as it is."""
from container import PAYLOAD, PHOTO, container, json_text, media, payload
from corpus import ANY, DEFAULT

HEAD = b'{"media:tags":{"photo.png":["photo_selfie"]},"analyses":[{"type":"quality"}]'


def with_payload(content):
    return container(parts={'payload.json': content})


def with_member(text):
    """A right payload, with one more member given as JSON text."""
    return with_payload(HEAD + b',' + (text if isinstance(text, bytes) else text.encode()) + b'}')


def nested(levels):
    return '[' * levels + ']' * levels


def add(corpus):
    add_json(corpus)
    add_accepted_json(corpus)
    add_structure_and_type(corpus)
    add_value(corpus)
    add_unknown_media(corpus)
    add_warnings(corpus)
    corpus.accept('invalid/content.json-no-json.ozc', 'skip=content')


def add_json(corpus):
    right = HEAD + b'}'
    for variant, content in {
        'empty': b'',
        'white-space': b' \n',
        'no-json': b'quality',
        'byte-order-mark': b'\xef\xbb\xbf' + right,
        'utf-16': right.decode().encode('utf-16'),
        'text-behind': right + b'x',
        'second-value': right + b'{}',
        'nul-behind': right + b'\0',
        'cut': right[:-1],
        'array-not-closed': right[:-2] + b'}',
        'trailing-comma': HEAD + b',}',
        'trailing-comma-in-array': HEAD[:-1] + b',]}',
        'comment': right + b' // quality',
        'single-quotes': right.replace(b'"', b"'"),
        'form-feed': b'\f' + right,
        'no-break-space': b'\xc2\xa0' + right,
    }.items():
        corpus.invalid(f'content.json-{variant}', with_payload(content))
    for variant, text in {
        'duplicate-key': '"analyses":[]',
        'duplicate-key-of-media-tags': '"media:tags":{}',
        'duplicate-key-escaped': '"\\u0061nalyses":[]',
        'duplicate-key-deep': '"x":[[{"a":1,"b":2,"a":1}]]',
        'duplicate-key-empty': '"":1,"":2',
        'duplicate-key-surrogate-pair': '"\U0001f4f7":1,"\\ud83d\\udcf7":2',
        'nul-escaped': '"x":"a\\u0000b"',
        'nul-escaped-in-key': '"analyses\\u0000x":1',
        'nul-raw': '"x":"a\0b"',
        'control-character': '"x":"a\nb"',
        'delete-is-fine-but-unit-separator-not': '"x":"\x7f\x1f"',
        'high-surrogate-alone': '"x":"\\ud83d"',
        'low-surrogate-alone': '"x":"\\udcf7"',
        'surrogates-exchanged': '"x":"\\udcf7\\ud83d"',
        'high-surrogate-twice': '"x":"\\ud83d\\ud83d\\udcf7"',
        'escape-unknown': '"x":"\\a"',
        'escape-cut': '"x":"\\u00e"',
        'escape-no-hex': '"x":"\\u00eg"',
        'escape-with-sign': '"x":"\\u+0e9"',
        'number-infinite': '"x":1e999',
        'number-infinite-negative': '"x":-1e999',
        'number-just-infinite': '"x":1.7976931348623159e308',
        'number-leading-zero': '"x":01',
        'number-minus-leading-zero': '"x":-01',
        'number-leading-plus': '"x":+1',
        'number-leading-dot': '"x":.5',
        'number-trailing-dot': '"x":1.',
        'number-empty-exponent': '"x":1e',
        'number-hexadecimal': '"x":0x1F',
        'number-comma': '"x":1,5',
        'number-minus-alone': '"x":-',
        'nan': '"x":NaN',
        'infinity': '"x":Infinity',
        'minus-infinity': '"x":-Infinity',
        'literal-in-other-case': '"x":True',
        'literal-cut': '"x":nul',
        'key-without-quotes': 'x:1',
        'value-missing': '"x":',
        'colon-missing': '"x" 1',
        'comma-missing': '"x":1 "y":2',
        'brackets-crossed': '"x":[{"a":1]}',
        'nesting-65': f'"x":{nested(64)}',
        'nesting-20000': f'"x":{nested(20000)}',
        'nesting-65-objects': '"x":' + '{"x":' * 64 + '1' + '}' * 64,
        'duplicate-key-among-many': ','.join(f'"k{number}":0' for number in [*range(1000), 0]),
    }.items():
        corpus.invalid(f'content.json-{variant}', with_member(text))
    for variant, raw in {
        'invalid-byte': b'\xff',
        'latin-1': b'\xe9',
        'overlong-slash': b'\xc0\xaf',
        'overlong-nul': b'\xc0\x80',
        'surrogate': b'\xed\xa0\x80',
        'beyond-unicode': b'\xf4\x90\x80\x80',
        'cut': b'\xe2\x82',
        'continuation-alone': b'\x80',
    }.items():
        corpus.invalid(f'content.json-utf-8-{variant}', with_member(b'"x":"' + raw + b'"'))


def add_accepted_json(corpus):
    """What a strict reader has to take, though some do not."""
    for variant, text in {
        'nesting-64': f'"x":{nested(63)}',
        'numbers': '"x":[0,-0,-0.0,1E5,1e-999,123456789012345678901234567890,1.7976931348623158e308,0.1e+2]',
        'strings': '"x":"\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83d\\udcf7\x7f\u2028\U0010ffff\ufffe\ufdd0"',
        'keys': '"":1,"X":2,"x":3,"Analyses":4,"MEDIA:TAGS":5,"__proto__":6,"analyses ":7',
        'many-keys': ','.join(f'"k{number}":0' for number in range(1000)),
    }.items():
        corpus.valid(f'payload-{variant}', with_member(text))
    corpus.reject('valid/payload-nesting-64.ozc', 'content.json', 'limit.nesting=63')
    corpus.accept(DEFAULT, 'limit.nesting=4')
    corpus.reject(DEFAULT, 'content.json', 'limit.nesting=3')
    corpus.accept('invalid/content.json-nesting-65.ozc', 'limit.nesting=65')
    corpus.valid('payload-white-space', with_payload(b' \t\r\n' + HEAD.replace(b',', b'\r\n,\t') + b'}\n'))
    corpus.valid('payload-escaped-names', with_payload(
        b'{"media\\u003atags":{"phot\\u006f.png":["photo_\\u0073elfie"]},"analyses":[{"type":"qu\\u0061lity",'
        b'"source_media":["\\u0070hoto.png"]}]}'))


def add_structure_and_type(corpus):
    corpus.invalid('content.structure-type-missing', with_payload(payload({'analyses': [{}]})))
    corpus.invalid('content.structure-type-missing-in-second', with_payload(payload(
        {'analyses': [{'type': 'quality'}, {'source_media': ['photo.png'], 'params': {}}]})))
    corpus.invalid('content.structure-type-in-other-case', with_payload(payload({'analyses': [{'Type': 'quality'}]})))

    for variant, content in {'array': b'[]', 'string': b'"analyses"', 'number': b'1', 'true': b'true',
                             'null': b'null'}.items():
        corpus.invalid(f'content.type-whole-{variant}', with_payload(content), warnings=ANY)
    for variant, members in {
        'folder-array': {'folder:meta_data': []},
        'folder-string': {'folder:meta_data': 'x'},
        'media-meta-data-array': {'media:meta_data': []},
        'media-meta-data-value-string': {'media:meta_data': {'photo.png': 'x'}},
        'media-meta-data-value-array': {'media:meta_data': {'photo.png': []}},
        'tag-number': {'media:tags': {'photo.png': ['photo_selfie', 1]}},
        'tag-array': {'media:tags': {'photo.png': ['photo_selfie', ['photo_id']]}},
        'analysis-string': {'analyses': [{'type': 'quality'}, 'quality']},
        'analysis-array': {'analyses': [{'type': 'quality'}, []]},
        'analysis-type-number': {'analyses': [{'type': 1}]},
        'analysis-type-array': {'analyses': [{'type': ['quality']}]},
        'source-media-string': {'analyses': [{'type': 'quality', 'source_media': 'photo.png'}]},
        'source-media-object': {'analyses': [{'type': 'quality', 'source_media': {'photo.png': 1}}]},
        'source-media-element-number': {'analyses': [{'type': 'quality', 'source_media': [1]}]},
        'source-media-element-object': {'analyses': [{'type': 'quality', 'source_media': [{}]}]},
        'params-array': {'analyses': [{'type': 'quality', 'params': []}]},
        'params-string': {'analyses': [{'type': 'quality', 'params': 'x'}]},
        'analysis-meta-data-number': {'analyses': [{'type': 'quality', 'meta_data': 1}]},
    }.items():
        corpus.invalid(f'content.type-{variant}', with_payload(payload(members)))
    # Whether what has the wrong type counts as no tags, or as no analyses, the rules leave open.
    for variant, members in {
        'media-tags-array': {'media:tags': ['photo.png']},
        'media-tags-value-string': {'media:tags': {'photo.png': 'photo_selfie'}},
        'media-tags-value-object': {'media:tags': {'photo.png': {'photo_selfie': True}}},
        'analyses-object': {'analyses': {'type': 'quality'}},
        'analyses-string': {'analyses': 'quality'},
    }.items():
        corpus.invalid(f'content.type-{variant}', with_payload(payload(members)), warnings=ANY)
    # Null is a value of a wrong type, not the absence of a member.
    for variant, text in {
        'folder': b'"folder:meta_data":null',
        'media-meta-data': b'"media:meta_data":null',
        'media-meta-data-value': b'"media:meta_data":{"photo.png":null}',
    }.items():
        corpus.invalid(f'content.type-{variant}-null', with_member(text))
    for member in ('source_media', 'params', 'meta_data'):
        corpus.invalid(f'content.type-{member.replace("_", "-")}-null',
                       with_payload(payload({'analyses': [{'type': 'quality', member: None}]})))
    # A name as long as the payload, and thousands of findings below it: time that grows with their product would show.
    many = b'{"media:meta_data":{},"media:tags":{"' + b'a' * 100000 + b'":[' + b'0,' * 30000 + b'0]}}'
    corpus.invalid('content.unknown_media-many-faults-below-a-long-name', with_payload(many), warnings=ANY)
    corpus.invalid('content.type-analysis-type-null', with_payload(payload({'analyses': [{'type': None}]})))


def add_value(corpus):
    for variant, kind in {
        'unknown': 'face',
        'empty': '',
        'space-at-end': 'quality ',
        'plural': 'qualities',
        'cut': 'qualit',
        'longer': 'qualityx',
        'cyrillic': 'qu\u0430lity',
        'long-s': 'document\u017f',
        'dotless-i': 'b\u0131ometry',
        'dotted-capital-i': 'QUAL\u0130TY',
    }.items():
        corpus.invalid(f'content.value-{variant}', with_payload(payload({'analyses': [{'type': kind}]})))
    file = corpus.invalid('content.value-set-by-policy',
                          with_payload(payload({'analyses': [{'type': 'quality'}, {'type': 'Liveness'}]})))
    corpus.accept(file, 'analysis=liveness')
    corpus.accept(file, 'analysis=liveness2;analysis=LIVENESS')
    corpus.reject(file, 'content.value', 'analysis=live')


def add_unknown_media(corpus):
    names = {'other': 'other.png', 'whole-entry-name': PHOTO, 'other-case': 'Photo.png', 'empty': '',
             'extension-entry': 'log', 'without-extension': 'photo'}
    for variant, name in names.items():
        for place, members in {
            'meta-data': {'media:meta_data': {'photo.png': {}, name: {}}},
            'tags': {'media:tags': {**PAYLOAD['media:tags'], name: ['photo_id']}},
            'source': {'analyses': [{'type': 'quality', 'source_media': ['photo.png', name]}]},
        }.items():
            corpus.invalid(f'content.unknown_media-{place}-{variant}',
                           container(parts={'payload.json': payload(members), 'ext/log': b'TEST'}))


def add_warnings(corpus):
    """Valid containers (docs/format.md, section 5.3)."""
    def tagged(*tags):
        return with_payload(payload({'media:tags': {'photo.png': list(tags)}}))

    for variant, data, warnings in (
        ('analyses-missing', with_payload(payload({'analyses': None})), 'content.analyses'),
        ('analyses-empty', with_payload(payload({'analyses': []})), 'content.analyses'),
        ('untagged', with_payload(payload({'media:tags': None})), 'content.untagged'),
        ('untagged-no-key', with_payload(payload({'media:tags': {}})), 'content.untagged'),
        ('untagged-empty-array', tagged(), 'content.untagged'),
        ('untagged-second', container(parts={'media/b.png': media('photo.png')}), 'content.untagged'),
        ('tag-unknown', tagged('selfie'), 'content.tag'),
        ('tag-empty', tagged(''), 'content.tag'),
        ('tag-in-other-case', tagged('PHOTO_SELFIE'), 'content.tag'),
        ('tag-withdrawn', tagged('video_selfie_oneshot'), 'content.tag'),
        ('tag-unknown-twice', tagged('photo_id', 'one', 'photo_selfie', 'two'), 'content.tag,content.tag'),
        ('payload-empty-object', with_payload(b'{}'), 'content.analyses,content.untagged'),
        ('tag-unknown-and-no-analyses', with_payload(b'{"media:tags":{"photo.png":["x"]}}'),
         'content.tag,content.analyses'),
        ('media-kind-unknown', container(parts={PHOTO: b'This is no picture.'}), 'content.media_kind'),
        ('media-kind-gif', container(parts={PHOTO: b'GIF89a' + bytes(20)}), 'content.media_kind'),
        ('media-kind-one-byte', container(parts={PHOTO: b'\x89'}), 'content.media_kind'),
        ('media-kind-other-than-extension', container(parts={PHOTO: media('photo.jpg')}), 'content.media_kind'),
        ('media-kind-of-two', container(parts={
            'payload.json': payload({'media:tags': {'photo.png': ['photo_id_front'], 'clip.mp4': ['photo_id_back']}}),
            PHOTO: media('clip.mp4'), 'media/clip.mp4': media('photo.png')}), 'content.media_kind,content.media_kind'),
    ):
        file = corpus.valid(f'warning-{variant}', data, warnings=warnings)
        corpus.accept(file, 'skip=content')
    corpus.valid('warnings-40-tags', tagged(*(f'tag{number}' for number in range(40))),
                 warnings=','.join(['content.tag'] * 32))
    every_tag = ['video_selfie', *(f'video_selfie_{suffix}' for suffix in (
        'left', 'right', 'down', 'high', 'smile', 'eyes', 'scan', 'blank')), 'orientation_portrait',
        'orientation_landscape', 'photo_selfie', 'photo_id', 'photo_id_front', 'photo_id_back']
    corpus.valid('payload-every-tag', tagged(*every_tag))
    corpus.valid('payload-every-analysis', with_payload(json_text({
        **PAYLOAD, 'analyses': [{'type': kind, 'params': {}, 'meta_data': {}, 'source_media': []}
                                for kind in ('quality', 'BIOMETRY', 'Documents', 'collectioN')]})))
