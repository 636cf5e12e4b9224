// node record.mjs PYTHON NOTEBOOK FOLDER FILM: runs film.py's `record` in the Python of a page.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { mount, orSay, sitePackages, startPython } from "./python.mjs";

await orSay(async () => {
  const [python, notebook, folder, film] = process.argv.slice(2);
  const py = await startPython(python);
  py.FS.writeFile(`${sitePackages(py)}/lessonkit/site/film.py`, readFileSync(film));
  mount(py, dirname(resolve(notebook)));
  if (dirname(resolve(notebook)) !== resolve(folder)) mount(py, folder);
  py.globals.set("paths", py.toPy([resolve(notebook), resolve(folder)]));
  py.runPython(`
from pathlib import Path
from lessonkit.site.film import record
record(*map(Path, paths))
`);
});
