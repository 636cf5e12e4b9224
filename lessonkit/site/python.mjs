// Starts under Node the Python that a page starts in its worker, from the same folder.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

export const SITE_PACKAGES = "/lib/python3.12/site-packages";

// Pyodide alone, from a folder that python.py has made or is making.
export async function startPyodide(folder) {
  const { loadPyodide } = createRequire(import.meta.url)(resolve(folder, "pyodide.js"));
  return loadPyodide({ indexURL: resolve(folder) + "/", env: { HOME: "/home/pyodide", MPLBACKEND: "agg" } });
}

// Pyodide with lessonkit and all that it needs.
export async function startPython(folder) {
  const py = await startPyodide(folder);
  const archive = readFileSync(join(folder, "python.zip"));
  py.unpackArchive(new Uint8Array(archive).buffer, "zip", { extractDir: SITE_PACKAGES });
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
