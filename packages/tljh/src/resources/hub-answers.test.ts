import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { waitForAnswer } from "./hub-answers.ts";

/** A hub that answers its first requests with 503. */
async function hub(failures: number) {
  let asked = 0;
  const server = createServer((_, response) => {
    response.statusCode = asked++ < failures ? 503 : 200;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hub/api`;
}

test("a hub that is starting is waited for", async () => {
  await expect(waitForAnswer(await hub(1), 30)).resolves.toBeUndefined();
});

test("a hub that stays silent is named, with what to look at", async () => {
  const url = await hub(Number.POSITIVE_INFINITY);
  await expect(waitForAnswer(url, 0)).rejects.toMatchObject({
    code: "INSTALL_HUB_SILENT",
    message: expect.stringContaining(`did not answer at ${url} within 0 seconds`),
    remedy: expect.stringContaining("journalctl"),
  });
});
