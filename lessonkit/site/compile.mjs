// node compile.mjs FOLDER SOURCES OUT: compiles an archive of Python's modules by the very Python
// that will import them, the Pyodide in FOLDER: that halves the start of a page.

import { readFileSync, writeFileSync } from "node:fs";
import { orSay, sitePackages, startPyodide } from "./python.mjs";

// Of lessonkit the sources go along: it compares the names of its own files, and a learner can read
// a traceback through it. The others are found by their compiled form alone.
const COMPILE = `
import importlib.util, os, pathlib, py_compile, zipfile

def compiled(path, name):
    """Return the compiled form of a module and its name in the archive."""
    ours = name.startswith("lessonkit/")
    target = importlib.util.cache_from_source(name) if ours else name + "c"
    py_compile.compile(
        str(path), "/tmp/compiled", f"{site}/{name}" if ours else f"{site}/{target}", doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    return target, pathlib.Path("/tmp/compiled").read_bytes()

def convert():
    with zipfile.ZipFile("/tmp/sources.zip") as sources:
        names = sorted(sources.namelist())
        sources.extractall("/tmp/sources")
    files = {}
    for name in names:
        path = pathlib.Path("/tmp/sources", name)
        if name.endswith(".py"):
            target, code = compiled(path, name)
            files[target] = code
        if not name.endswith(".py") or name.startswith("lessonkit/"):
            files[name] = path.read_bytes()
    with zipfile.ZipFile("/tmp/python.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            out.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)

convert()
`;

await orSay(async () => {
  const [folder, sources, out] = process.argv.slice(2);
  const py = await startPyodide(folder);
  py.FS.writeFile("/tmp/sources.zip", readFileSync(sources));
  py.globals.set("site", sitePackages(py));
  py.runPython(COMPILE);
  writeFileSync(out, py.FS.readFile("/tmp/python.zip"));
});
