// node check.mjs FILE …: says of the first script or WebAssembly module that is not whole that it is
// cut short. Neither has a checksum in Pyodide's lock file.

import { readFileSync } from "node:fs";
import { Script } from "node:vm";

for (const path of process.argv.slice(2)) {
  try {
    const bytes = readFileSync(path);
    if (path.endsWith(".wasm")) new WebAssembly.Module(bytes);
    else if (bytes.length === 0 || !new Script(bytes.toString("utf-8"))) throw new Error("it is empty");
  } catch (problem) {
    console.error(`${path} is cut short or changed: ${String(problem.message).split("\n")[0]}`);
    process.exit(1);
  }
}
