/** `npm run lock`: makes package-lock.json anew where it must change, and completes it. */
import { readFile, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { completeLock, type Lock } from "./complete.ts";

await execa("npm", ["install", "--package-lock-only"], { stdio: "inherit" });
const lock = JSON.parse(await readFile("package-lock.json", "utf8")) as Lock;
await writeFile("package-lock.json", `${JSON.stringify(completeLock(lock), null, 2)}\n`);
