"""The files that trainings leave in data/: how a record is laid out, and its checksum noted."""

import hashlib
import io
import json
import zipfile

import numpy as np

from lessonkit.datasets import DATA


def write(files):
    """Write files of data/, name → bytes, and note the checksum of each in data/SHA256SUMS."""
    for name, content in files.items():
        path = DATA / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    sums = DATA / "SHA256SUMS"
    digests = dict(reversed(line.split("  ")) for line in sums.read_text("utf-8").splitlines())
    new = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    for name, digest in new.items():
        print(f"data/{name}: {'as before' if digests.get(name) == digest else 'changed'}")
    sums.write_bytes(checksums(digests | new))


def checksums(digests):
    """Return the bytes of SHA256SUMS, as sha256sum writes it, for name → SHA-256 in hexadecimal."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def record_file(name, record, layout):
    """Return file name → bytes of a record, for `write`. layout: a function from dict to text."""
    command = {"made by": f"python -m lessonkit.trainings {name}"}
    return {f"records/{name}.json": f"{layout(command | record)}\n".encode()}


def line_per_key(record):
    """Return compact JSON with a line for each key of the record."""
    pairs = (f'"{key}":{_compact(value)}' for key, value in record.items())
    return "{" + ",\n".join(pairs) + "}"


def _compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def line_per_part(value, indent=""):
    """Return JSON in which whatever is long has a line for each of its parts."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) < 300 or (isinstance(value, list) and not isinstance(value[0], dict)):
        return text
    inner = indent + " "
    if isinstance(value, list):
        parts = [line_per_part(part, inner) for part in value]
    else:
        parts = [f"{json.dumps(key)}: {line_per_part(part, inner)}" for key, part in value.items()]
    first, last = text[0], text[-1]
    return f"{first}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{last}"


def rounded(values, digits=3):
    """Return an array as nested lists, rounded to so many significant digits.

    NaN and infinities become None, as JSON has no word for them; whole numbers become ints.

    >>> rounded([[1 / 3, np.inf, 2]])
    [[0.333, None, 2]]
    """
    if np.ndim(values):
        return [rounded(value, digits) for value in values]
    if not np.isfinite(values):
        return None
    value = float(f"{values:.{digits}g}")
    return int(value) if value.is_integer() else value


def npz(arrays):
    """Return the bytes of an .npz file for np.load: np.savez's layout, with bzip2 and no dates.

    The same arrays give the same bytes on every machine, which zlib does not promise.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_BZIP2
            entry.create_system = 3  # Unix; otherwise Windows would note itself
            content = io.BytesIO()
            np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
            archive.writestr(entry, content.getvalue())
    return buffer.getvalue()
