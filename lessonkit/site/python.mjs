// Starts under Node the Python that a page starts in its worker, from the same folder.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

// Where modules lie in a Pyodide: each version of Python has a folder of its own.
export function sitePackages(py) {
  return py.runPython("import sysconfig; sysconfig.get_path('purelib')");
}

// Pyodide alone, from a folder that python.py has made or is making.
export async function startPyodide(folder, options = {}) {
  const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")).href);
  const env = { HOME: "/home/pyodide", MPLBACKEND: "agg" };
  return loadPyodide({ indexURL: resolve(folder) + "/", env, ...options });
}

// Pyodide with lessonkit and all that it needs.
export async function startPython(folder) {
  const py = await startPyodide(folder);
  const archive = readFileSync(join(folder, "python.zip"));
  py.unpackArchive(new Uint8Array(archive).buffer, "zip", { extractDir: sitePackages(py) });
  return py;
}

// Puts files of this machine where Python finds them, at the same path.
export function mount(py, folder) {
  const root = resolve(folder);
  py.FS.mkdirTree(root);
  py.FS.mount(py.FS.filesystems.NODEFS, { root }, root);
  return root;
}

// Runs a call of Python's and ends the process in words if it fails.
export async function orSay(work) {
  try {
    await work();
  } catch (problem) {
    console.error(String(problem));
    process.exit(1);
  }
}
