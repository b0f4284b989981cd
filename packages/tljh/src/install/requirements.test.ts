import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { requirementsEntries } from "./requirements.ts";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function serve(status: number, text: string): Promise<string> {
  const server = createServer((_request, answer) => answer.writeHead(status).end(text));
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/requirements.txt`;
}

test("without an address there is nothing to install", async () => {
  expect(await requirementsEntries(null, {})).toEqual([]);
});

test("a file with other content has another fingerprint", async () => {
  const [one] = await requirementsEntries(await serve(200, "numpy"), {});
  const [two] = await requirementsEntries(await serve(200, "pandas"), {});
  expect(one?.fingerprint).not.toBe(two?.fingerprint);
});

test("an address that answers with an error is refused by name", async () => {
  const url = await serve(404, "");
  await expect(requirementsEntries(url, {})).rejects.toMatchObject({
    code: "INSTALL_REQUIREMENTS_UNREACHABLE",
    message: expect.stringContaining(url),
  });
});

test("an address that answers no more is no error once its file is installed", async () => {
  const url = await serve(500, "");
  const entries = await requirementsEntries(url, { [`--requirement=${url}`]: "known" });
  expect(entries).toEqual([
    { value: `--requirement=${url}`, because: "--user-requirements-txt-url", fingerprint: "known" },
  ]);
});
