// node check.mjs FILE …: says of the first script or WebAssembly module that is not whole that it is
// cut short. Neither has a checksum in Pyodide's lock file.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

// A script may be a module: only Node itself reads both kinds without running them.
// It prints the line that is wrong, and one of Pyodide's lines is longer than a megabyte.
function checkScript(path) {
  const options = { encoding: "utf-8", maxBuffer: Infinity };
  const { status, signal, error, stderr } = spawnSync(process.execPath, ["--check", path], options);
  if (signal || error) {
    console.error(`Node could not read ${path} to its end: ${error?.message ?? signal}`);
    process.exit(1);
  }
  if (status !== 0) throw new Error(stderr.match(/^\w*Error: .*$/m)?.[0] ?? stderr);
}

for (const path of process.argv.slice(2)) {
  try {
    const bytes = readFileSync(path);
    if (bytes.length === 0) throw new Error("it is empty");
    if (path.endsWith(".wasm")) new WebAssembly.Module(bytes);
    else checkScript(path);
  } catch (problem) {
    console.error(`${path} is cut short or changed: ${String(problem.message).split("\n")[0]}`);
    process.exit(1);
  }
}
