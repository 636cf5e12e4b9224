// node fetch.mjs PYODIDE PACKAGE …: lets Pyodide fetch its wheels into its own folder.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { orSay } from "./python.mjs";

await orSay(async () => {
  const [folder, ...names] = process.argv.slice(2);
  const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")).href);
  const py = await loadPyodide({ indexURL: resolve(folder), packageCacheDir: resolve(folder) });
  const loaded = await py.loadPackage(names, { messageCallback() {}, checkIntegrity: true });
  const missing = names.filter((name) => !loaded.some((one) => one.name === name));
  if (missing.length) throw new Error(`Pyodide could not fetch ${missing.join(", ")}`);
});
