"""A container that takes a while, and a policy for it: big_container.py FOLDER."""
import pathlib
import sys

from containers import LIMIT, fresh, write_policy

folder = pathlib.Path(sys.argv[1])
write_policy(folder / 'policy.json')
policy = (folder / 'policy.json').read_text()
(folder / 'policy.json').write_text(policy.replace(str(LIMIT), str(1 << 30)))
(folder / 'big.ozc').write_bytes(fresh('big', media=b'\x89PNG\r\n\x1a\n' + bytes(128 << 20)))
