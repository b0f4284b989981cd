import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installedCopy, type ServerUnderTest } from "../support/index.ts";

const URL = "http://127.0.0.1:8899/requirements.txt";
const INSTALL = ["/root/tljh/bin/tljh", "install", "--user-requirements-txt-url", URL];

/** Serves the file whose path is its argument. */
const SERVE = `require("node:http").createServer((_, answer) => answer.end(
  require("node:fs").readFileSync(process.argv[1]))).listen(8899, "127.0.0.1", () => console.log("up"))`;

let under: ServerUnderTest;

beforeAll(async () => {
  under = await installedCopy();
  await under.server.writeFile("/root/requirements.txt", "forge-probe==1.0\n");
  const node = "/root/tljh/bin/node";
  const serving = await under.server.spawn([node, "-e", SERVE, "/root/requirements.txt"]);
  if (serving.child.stdout) await once(serving.child.stdout, "data");
});
afterAll(() => under?.server.destroy());

const version = () =>
  under.server.must(["/opt/tljh/user/bin/pip", "show", "forge-probe"]).then((text) => {
    return /^Version: (.*)$/m.exec(text)?.[1];
  });

test("what a requirements file names is installed into the user environment", async () => {
  await under.server.must(INSTALL);
  expect(await version()).toBe("1.0");
});

test("a requirements file that says something else by now is installed again", async () => {
  await under.server.writeFile("/root/requirements.txt", "forge-probe==2.0\n");
  expect(await under.server.must(["tljh", "plan"])).toContain(URL);
  await under.server.must(["tljh", "apply"]);
  expect(await version()).toBe("2.0");
});

test("one that names what does not exist changes nothing and quotes pip", async () => {
  await under.server.writeFile("/root/requirements.txt", "no-such-thing-at-all\n");
  const { exitCode, stderr } = await under.server.run(["tljh", "apply"]);
  expect(stderr).toContain("no-such-thing-at-all");
  expect(exitCode).toBe(1);
  expect(await version()).toBe("2.0");
});
