// Brings the chart library into the Python package, so that a report can carry it inside.
// Run after `npm ci --ignore-scripts`; the copy is not kept in git.
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../node_modules/echarts/dist/echarts.min.js", import.meta.url));
const target = fileURLToPath(new URL("../../peephole/report/assets/echarts.min.js", import.meta.url));
mkdirSync(dirname(target), { recursive: true });
copyFileSync(source, target);
console.log(`echarts.min.js: ${Math.round(statSync(target).size / 1024)} kB`);
