import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type ServerPaths, serverPaths } from "../system/paths.ts";
import { checkSnippets } from "./snippets.ts";

let paths: ServerPaths;

beforeEach(async () => {
  paths = serverPaths(await mkdtemp(join(tmpdir(), "tljh-snippets-")));
  await mkdir(paths.configSnippets, { recursive: true });
  await mkdir(join(paths.hub, "bin"), { recursive: true });
  await symlink("/usr/bin/python3", join(paths.hub, "bin/python3"));
});
const write = (name: string, text: string) => writeFile(join(paths.configSnippets, name), text);

test("a snippet with a mistake in its syntax is named, with the line and Python's words", async () => {
  await write("10-good.py", "c.JupyterHub.port = 1\n");
  await write("20-bad.py", "x = 1\nc.JupyterHub.port = = 1\n");
  await expect(checkSnippets(paths)).rejects.toMatchObject({
    code: "HUB_SNIPPET_BROKEN",
    message: expect.stringMatching(/20-bad\.py.*line 2\n.*= = 1\n.*SyntaxError: invalid syntax/s),
  });
});

test("what fails only when it is executed is left to the hub", async () => {
  await write("a.py", "raise RuntimeError('later')\n");
  await checkSnippets(paths);
});

test("other files and a server without snippets or hub are passed by", async () => {
  await write("notes.txt", "= =\n");
  await checkSnippets(paths);
  await checkSnippets(serverPaths("/none"));
});
