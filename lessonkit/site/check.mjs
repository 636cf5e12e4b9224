// node check.mjs FILE …: says of the first script or WebAssembly module that is not whole that it is
// cut short. Neither has a checksum in Pyodide's lock file.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

// A script may be a module: only Node itself reads both kinds without running them.
function checkScript(path) {
  const { status, stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf-8" });
  if (status) throw new Error(stderr.match(/^\w*Error: .*$/m)?.[0] ?? stderr);
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
