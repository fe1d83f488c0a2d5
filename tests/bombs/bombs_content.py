"""Bombs in payload.json: deep, wide, keys, strings, numbers, findings."""
from bomb import KIB, MIB, Bomb, ed25519, filled

N = 60 * KIB  # 4 N is a little less than the default limit
DEEP = {'nesting': 1000}


def free(value):
    """A valid payload, with that text of a value in a member that nobody looks at."""
    return b'{"analyses":[{"type":"quality"}],"free":' + value + b'}'


def json(text):
    """From n to a container with payload.json as text(n) says."""
    return lambda n: ed25519(parts={'payload.json': text(n)})


def array(one):
    return json(lambda n: free(b'[' + filled(n, one) + b']'))


def members(one):
    return json(lambda n: free(b'{' + filled(n, one) + b'}'))


def long_text(unit):
    return json(lambda n: free(b'"' + unit * (n // len(unit)) + b'"'))


def of(name, one):
    """A payload whose known member has n bytes of that."""
    return json(lambda n: b'{"analyses":[{"type":"quality"}],"' + name + b'":{' + filled(n, one) + b'}}')


def nested_with_keys(n):
    """At each of 60 depths an equal share of keys stays open while what is below is read."""
    share = filled(n // 60, lambda i: b'"key%05d":0' % i)
    return free((b'{' + share + b',"x":') * 60 + b'0' + b'}' * 60)


def escaped(text):
    return b''.join(b'\\u%04x' % c for c in text)


def payload(name, make, verdict, **more):
    """The tree of a JSON text takes up to 40 times its size (docs/limits.md)."""
    return Bomb(name, N, make, verdict, memory=12, **more)


BOMBS = [
    payload('arrays open without end', json(lambda n: b'[' * n), 'content.json'),
    payload('objects open without end', json(lambda n: b'{"":' * (n // 4)), 'content.json'),
    payload('as deep as is allowed, again and again', array(b'[' * 61 + b']' * 61), 'valid'),
    payload('1,000 deep, with that limit, again and again', array(b'[' * 997 + b']' * 997), 'valid',
            limits=DEEP),
    payload('objects 1,000 deep, with that limit', array(b'{"":' * 996 + b'0' + b'}' * 996), 'valid',
            limits=DEEP),
    payload('wide: an array of zeros', array(b'0'), 'valid'),
    Bomb('wide: an array of zeros, 1 MiB', 4 * N, array(b'0'), 'valid', limits={'payload': MIB}, memory=44),
    payload('wide: empty objects', array(b'{}'), 'valid'),
    payload('wide: an object with many keys', members(lambda i: b'"%05d":0' % i), 'valid'),
    payload('wide: many objects with an empty key', array(b'{"":0}'), 'valid'),
    payload('keys at every depth', json(nested_with_keys), 'valid'),
    payload('keys with one beginning of 100 bytes', members(lambda i: b'"' + b'k' * 100 + b'%05d":0' % i), 'valid'),
    payload('keys with one beginning of 5,000 bytes', members(lambda i: b'"' + b'k' * 5000 + b'%05d":0' % i), 'valid'),
    payload('keys with one beginning, in escapes', members(
        lambda i: b'"' + escaped(b'k' * 20) + b'%05d":0' % i), 'valid'),
    payload('keys against the order of the sort', members(lambda i: b'"%05d":0' % (i * 7919 % 99991)), 'valid'),
    payload('one key again and again', members(b'"key":0'), 'content.json'),
    payload('one key, plain and in escapes', members(lambda i: b'"aaaaaa":0' if i % 2 else b'"\\u0061aaaaa":0'),
            'content.json'),
    payload('a long string', long_text(b'x'), 'valid'),
    payload('a string of escapes', long_text(b'\\u0061'), 'valid'),
    payload('a string of short escapes', long_text(b'\\n'), 'valid'),
    payload('a string of surrogate pairs', long_text(b'\\ud83d\\ude00'), 'valid'),
    payload('a string of four-byte characters', long_text(b'\xf0\x9f\x98\x80'), 'valid'),
    payload('a string without an end', json(lambda n: b'{"a":"' + b'x' * n), 'content.json'),
    payload('half a surrogate pair at the end', json(lambda n: b'["' + b'\\u0061' * (n // 6) + b'\\ud83d"]'),
            'content.json'),
    payload('many empty strings', array(b'""'), 'valid'),
    payload('white space', json(lambda n: free(b' \n' * (n // 2) + b'0')), 'valid'),
    payload('a fault behind many lines', json(lambda n: b'\n' * n + b'?'), 'content.json'),
    payload('a number of many digits', json(lambda n: free(b'0.' + b'1' * n)), 'valid'),
    payload('a number of many zeros', json(lambda n: free(b'0.' + b'0' * n + b'1')), 'valid'),
    payload('a number that is too large, of many digits', json(lambda n: free(b'9' * n)), 'content.json'),
    payload('a number with a long exponent', json(lambda n: free(b'1e-' + b'9' * n)), 'valid'),
    payload('many numbers at the edge of a double', array(b'1' + b'0' * 308), 'valid'),
    payload('many numbers with exponents', array(b'1.7976931348623157e308'), 'valid'),
    payload('findings: analyses of the wrong type', json(lambda n: b'{"analyses":[' + filled(n, b'1') + b']}'),
            'content.type'),
    payload('findings: analyses without a type', json(lambda n: b'{"analyses":[' + filled(n, b'{}') + b']}'),
            'content.structure'),
    payload('findings: unknown types of analysis', json(
        lambda n: b'{"analyses":[' + filled(n, b'{"type":"x"}') + b']}'), 'content.value'),
    payload('findings: source media that are not there', json(
        lambda n: b'{"analyses":[{"type":"quality","source_media":[' + filled(n, b'"x"') + b']}]}'),
            'content.unknown_media'),
    payload('findings: tags of media that are not there', of(b'media:tags', lambda i: b'"%05d":[]' % i),
            'content.unknown_media'),
    payload('findings: unknown tags', json(
        lambda n: b'{"analyses":[{"type":"quality"}],"media:tags":{"photo.png":[' + filled(n, b'"x"') + b']}}'),
            'valid'),
    payload('findings below one long key', json(
        lambda n: b'{"media:tags":{"' + b'k' * (n // 2) + b'":[' + filled(n // 2, b'1') + b']}}'),
            'content.unknown_media'),
    payload('meta data of media that are not there', of(b'media:meta_data', lambda i: b'"%05d":1' % i),
            'content.unknown_media'),
]
