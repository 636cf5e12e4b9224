// node in_pyodide.mjs PYTHON PROJECT SCRIPT FOLDER ARGUMENT …: runs a script of the project's tests in
// the Python of a page, with sys.argv as an ordinary Python has it.

import { mount, orSay, startPython } from "../../lessonkit/site/python.mjs";

await orSay(async () => {
  const [python, project, script, folder, ...rest] = process.argv.slice(2);
  const py = await startPython(python);
  const began = performance.now();
  for (const path of [`${project}/tests`, `${project}/notebooks`, folder]) mount(py, path);
  py.globals.set("given", py.toPy([script, folder, ...rest]));
  py.runPython(`
import runpy, sys
sys.argv = list(given)
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(`${project}/tests`)})
runpy.run_path(sys.argv[0], run_name="__main__")
`);
  console.error(`${((performance.now() - began) / 1000).toFixed(1)} s`);
});
