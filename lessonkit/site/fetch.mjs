// node fetch.mjs PYODIDE PACKAGE …: lets Pyodide fetch its wheels into its own folder.
import { resolve } from "node:path";
import { orSay, startPyodide } from "./python.mjs";

await orSay(async () => {
  const [folder, ...names] = process.argv.slice(2);
  const py = await startPyodide(folder, { packageCacheDir: resolve(folder) });
  const loaded = await py.loadPackage(names, { messageCallback() {}, checkIntegrity: true });
  const missing = names.filter((name) => !loaded.some((one) => one.name === name));
  if (missing.length) throw new Error(`Pyodide could not fetch ${missing.join(", ")} from its server: is this machine online?`);
});
