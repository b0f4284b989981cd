import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../config/load.ts";
import { proxyConfiguration, writeProxyConfig } from "./proxy.ts";

const made = (text: string) => proxyConfiguration(parseConfig(text).effective);

describe("the proxy's configuration", () => {
  it("of an empty config.yaml is plain HTTP on port 80", () => {
    expect(made("")).toEqual({
      version: 1,
      http: { address: "", port: 80 },
      https: null,
      api: { address: "127.0.0.1", port: 8099 },
      hub: "http://127.0.0.1:15001",
      baseUrl: "/",
    });
  });

  it("names the certificate's files when HTTPS is on", () => {
    const text = "https: {enabled: true, port: 8443, tls: {key: /k, cert: /c}}\nbase_url: /x\n";
    expect(made(text)).toMatchObject({
      https: { address: "", port: 8443, key: "/k", cert: "/c" },
      baseUrl: "/x/",
    });
  });

  it("needs no certificate from Let's Encrypt while HTTPS is off, and cannot have one when it is on", () => {
    const letsencrypt = "letsencrypt: {email: a@b, domains: [c.d]}";
    expect(made(`https: {${letsencrypt}}`).https).toBe(null);
    expect(() => made(`https: {enabled: true, ${letsencrypt}}`)).toThrowError(
      expect.objectContaining({
        code: "CONFIG_LETSENCRYPT_UNAVAILABLE",
        message: expect.stringContaining("Let's Encrypt"),
        remedy: expect.stringContaining("https.tls.key"),
      }),
    );
  });
});

describe("proxy.json", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tljh-proxy-"));
  });

  it("is written for root alone", async () => {
    const proxyConfig = join(folder, "proxy.json");
    const configuration = await writeProxyConfig(parseConfig("").effective, { proxyConfig });
    expect(JSON.parse(await readFile(proxyConfig, "utf8"))).toEqual(configuration);
    expect((await stat(proxyConfig)).mode & 0o777).toBe(0o600);
  });

  it("is not written when a file of the certificate cannot be read", async () => {
    const key = join(folder, "key.pem");
    await writeFile(key, "");
    const text = `https: {enabled: true, tls: {key: ${key}, cert: ${folder}/cert.pem}}`;
    const writing = writeProxyConfig(parseConfig(text).effective, {
      proxyConfig: join(folder, "p"),
    });
    await expect(writing).rejects.toMatchObject({
      code: "CONFIG_TLS_FILE_UNREADABLE",
      message: `${folder}/cert.pem, the file of https.tls.cert, cannot be read`,
    });
  });
});
