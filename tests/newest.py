"""The newest Pyodide without compiled packages, which are to be had from its server alone."""

import hashlib
import json
import shutil
import zipfile

from lessonkit.site import npm
from lessonkit.site.python import LOCK, WHEELS, core, installed_files

VERSION = "314.0.7"


def hollow_pyodide(folder):
    """Make a folder of the newest Pyodide whose compiled packages are empty."""
    package = npm.package("pyodide", VERSION)
    folder.mkdir()
    for name in core(package):
        shutil.copy(package / name, folder)
    lock = json.loads((package / LOCK).read_text("utf-8"))
    for name in WHEELS:
        entry = lock["packages"][name]
        path = folder / entry["file_name"]
        with zipfile.ZipFile(path, "w") as wheel:
            if path.name.endswith("-none-any.whl"):
                for inside, content in installed_files(name):
                    wheel.writestr(inside, content)
        entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / LOCK).write_text(json.dumps(lock), "utf-8")
    return folder
