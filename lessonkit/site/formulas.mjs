// node formulas.mjs KATEX SOURCE MADE: typesets [{tex, display}, …] of one JSON file into another.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, source, made] = process.argv.slice(2);
const { default: katex } = await import(pathToFileURL(`${folder}/dist/katex.mjs`).href).catch(() => {
  console.error(`KaTeX must be in ${folder}: npm install katex, then name its folder`);
  process.exit(1);
});
const html = JSON.parse(readFileSync(source, "utf-8")).map(({ tex, display }) => {
  try {
    return katex.renderToString(tex, { displayMode: display, strict: false });
  } catch (problem) {
    console.error(`the formula ${tex} cannot be set: ${problem.message}`);
    return process.exit(1);
  }
});
writeFileSync(made, JSON.stringify(html));
