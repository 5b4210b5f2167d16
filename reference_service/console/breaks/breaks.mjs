// Breaks one component after the other in a copy, and shows that the test of that name then fails;
// only those whose test's name has the text that is given, if one is.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const CONSOLE = resolve(import.meta.dirname, "..");
const FILES = ["package.json", "tsconfig.json", "vite.config.ts", "vitest.config.ts", "index.html", "src"];
const wanted = process.argv[2] ?? "";
const all = JSON.parse(readFileSync(join(import.meta.dirname, "breaks.json"), "utf8"));
const breaks = all.filter(({ test }) => test.includes(wanted));
if (breaks.length === 0) throw new Error(`no break is for a test named ${JSON.stringify(wanted)}`);

const folder = mkdtempSync(join(tmpdir(), "console-breaks-"));
const copy = join(folder, "console");
let survived = 0;
try {
  for (const name of FILES) cpSync(join(CONSOLE, name), join(copy, name), { recursive: true });
  symlinkSync(join(CONSOLE, "node_modules"), join(copy, "node_modules"));
  const whole = run();
  for (const { test, file, from, to } of breaks) {
    const own = whole.filter(({ name }) => name.includes(test));
    if (own.length === 0) throw new Error(`there is no test ${test}`);
    const fine = own.every(({ passed }) => passed) || run("-t", escaped(test), own[0].file).every(({ passed }) => passed);
    if (!fine) throw new Error(`${test} does not pass as it is`);
    const path = join(copy, "src", file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)} any more`);
    writeFileSync(path, text.replace(from, to));
    const broken = run("-t", escaped(test), own[0].file).filter(({ name }) => name.includes(test));
    writeFileSync(path, text);
    if (broken.length === 0) throw new Error(`${test} did not run with ${file} broken: that says nothing`);
    const caught = broken.some(({ passed }) => !passed);
    survived += caught ? 0 : 1;
    console.log(`${caught ? "caught  " : "SURVIVED"}  ${test}  (${file})`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${breaks.length - survived} of ${breaks.length} breaks caught`);
process.exitCode = survived ? 1 : 0;

/** The tests that ran: their names, their files, and whether they passed. */
function run(...args) {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const cli = join(CONSOLE, "node_modules/vitest/vitest.mjs");
  spawnSync(process.execPath, [cli, "run", ...args, "--reporter=json", `--outputFile=${report}`], { cwd: copy });
  const ran = JSON.parse(readFileSync(report, "utf8")).testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ name: test.fullName, file: file.name, status: test.status })),
  );
  return ran.filter(({ status }) => status !== "skipped").map((test) => ({ ...test, passed: test.status === "passed" }));
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
