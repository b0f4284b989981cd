import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createProxyServer, type IncomingMessage } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { serveFiles, testServer } from "../../test/support/server.ts";
import { causeText } from "./cause.ts";
import { createHttpClient } from "./client.ts";
import { getUrl } from "./request.ts";

async function status(url: string, environment: Record<string, string>): Promise<number> {
  const client = createHttpClient({ environment });
  onTestFinished(() => client.close());
  const answer = await getUrl(url, { client });
  await answer.discard();
  return answer.status;
}

/** An HTTPS server whose certificate nobody has signed but itself. */
async function selfSignedServer() {
  const folder = testFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const request = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
  ];
  execFileSync("openssl", [...request, ...subject, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  const options = { key: readFileSync(key), cert: readFileSync(cert) };
  const server = createServer(options, (_, response) => void response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`, cert };
}

/** A proxy that joins whom it lets pass to the server they name; its URL. */
async function connectProxy(isLet: (request: IncomingMessage) => boolean): Promise<string> {
  const proxy = createProxyServer();
  const open = new Set<Duplex>();
  proxy.on("connect", (request, client: Duplex) => {
    open.add(client);
    client.on("error", () => {});
    if (!isLet(request)) return client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const [host, port] = (request.url ?? "").split(":");
    const server = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      server.pipe(client).pipe(server);
    });
    server.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

describe("createHttpClient", () => {
  it("sends requests through the proxy, except for hosts that need none", async () => {
    const proxy = await testServer((_, response) => void response.writeHead(418).end());
    const direct = await testServer(serveFiles({ "/x": "1" }));
    const http_proxy = proxy.url;
    expect(await status("http://channel.example/x", { http_proxy })).toBe(418);
    const bare = http_proxy.replace("http://", "");
    expect(await status("http://channel.example/x", { HTTP_PROXY: bare })).toBe(418);
    expect(proxy.requests).toContain("GET http://channel.example/x");
    expect(await status(`${direct.url}/x`, { http_proxy, no_proxy: "127.0.0.1" })).toBe(200);
  });

  it("reaches HTTPS through a proxy that asks who one is, and shows nobody the answer", async () => {
    const { url, cert } = await selfSignedServer();
    const { host } = new URL(url);
    const asked: unknown[] = [];
    const proxy = await connectProxy((request) => {
      asked.push([request.url, request.headers["proxy-authorization"]]);
      return true;
    });
    const https_proxy = proxy.replace("//", "//ann:s3cr3t@");
    expect(await status(url, { https_proxy, SSL_CERT_FILE: cert })).toBe(200);
    const basic = `Basic ${Buffer.from("ann:s3cr3t").toString("base64")}`;
    expect(asked).toEqual([[host, basic]]);
    const closed = (await connectProxy(() => false)).replace("//", "//ann:s3cr3t@");
    const error: unknown = await status(url, { https_proxy: closed }).catch((reason) => reason);
    expect(`${error} ${causeText(error)}`).toMatch(/no answer(?!.*s3cr3t)/);
  });

  it("says that the proxy cannot be reached", async () => {
    const environment = { https_proxy: "http://127.0.0.1:1" };
    await expect(status("https://channel.example/x", environment)).rejects.toMatchObject({
      cause: expect.objectContaining({ code: "ECONNREFUSED" }),
    });
  });

  it.each(["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])(
    "trusts the certificates of %s",
    async (name) => {
      const { url, cert } = await selfSignedServer();
      await expect(status(url, {})).rejects.toThrow("no answer");
      await expect(status(url, { [name]: cert })).resolves.toBe(200);
    },
  );

  it("names the variable whose certificates cannot be read", async () => {
    const environment = { REQUESTS_CA_BUNDLE: "/nowhere/ca.pem" };
    await expect(status("http://127.0.0.1:1/", environment)).rejects.toMatchObject({
      code: "CONDA_CERTIFICATES_UNREADABLE",
      message: expect.stringContaining("REQUESTS_CA_BUNDLE names /nowhere/ca.pem"),
    });
  });
});
