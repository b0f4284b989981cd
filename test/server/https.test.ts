import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HubUser, type ServerUnderTest, serverForTests } from "../support/index.ts";

const FOLDER = "/etc/tljh-ssl-test";

/** A certificate for localhost that is signed by its own key, as an admin makes one by hand. */
function selfSigned(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "tljh-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const request = [
    "req",
    "-x509",
    "-nodes",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
  ];
  const subject = [
    "-days",
    "1",
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost",
  ];
  execFileSync("openssl", [...request, ...subject, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  const made = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  rmSync(folder, { recursive: true });
  return made;
}

let under: ServerUnderTest;
let before: string;
const { key, cert } = selfSigned();

beforeAll(async () => {
  under = await serverForTests();
  before = await under.config("show");
});

async function reloadBoth(): Promise<void> {
  await under.config("reload", "proxy");
  await under.config("reload", "hub");
}

describe("with a certificate of one's own", () => {
  let address: string;
  let student: string;

  beforeAll(async () => {
    student = await under.addUser();
    await under.server.writeFile(`${FOLDER}/ssl.key`, key, "0600");
    await under.server.writeFile(`${FOLDER}/ssl.cert`, cert, "0600");
    await under.server.must(["chmod", "0700", FOLDER]);
    await under.config("set", "https.enabled", "true");
    await under.config("set", "https.tls.key", `${FOLDER}/ssl.key`);
    await under.config("set", "https.tls.cert", `${FOLDER}/ssl.cert`);
    await reloadBoth();
    address = (await under.server.forward(443)).url.replace(/^http:/, "https:");
  });
  afterAll(async () => {
    await under.server.writeFile("/opt/tljh/config/config.yaml", before, "0600");
    await reloadBoth();
    await under.server.must(["rm", "-r", FOLDER]);
  });

  test("the proxy shows it, though only root may read its key", async () => {
    const { port } = new URL(address);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connect({
      host: "127.0.0.1",
      port: Number(port),
      ca: cert,
      servername: "localhost",
    });
    socket.on("secureConnect", () => resolve(socket.getPeerX509Certificate()?.toString() ?? ""));
    socket.on("error", reject);
    expect((await promise).trim()).toBe(cert.trim());
    socket.destroy();
  });

  test("a user logs in over https", async () => {
    const user = new HubUser(`${address}/`, student, { ca: cert });
    expect((await user.login("a-secret-password")).ok).toBe(true);
    expect((await user.api("user")).status).toBe(200);
  });

  test("http leads to the same page over https", async () => {
    const { status, headers } = await under.user("nobody").client.request("/hub/login?next=%2Fx", {
      headers: { Host: "hub.example.org" },
    });
    expect([301, 302, 307, 308]).toContain(status);
    expect(headers.location).toBe("https://hub.example.org/hub/login?next=%2Fx");
  });

  test("the cookie of a login is sent over https only", async () => {
    const user = new HubUser(`${address}/`, "admin", { ca: cert });
    const { answer } = await user.login(under.installed.admin.password);
    const cookies = answer.headers["set-cookie"] ?? [];
    const login = cookies.find((cookie) => cookie.startsWith("jupyterhub-hub-login="));
    expect(login).toMatch(/; secure/i);
  });
});

test("with a key that does not fit, reload fails and says so, and http goes on", async () => {
  await under.server.writeFile(`${FOLDER}/ssl.key`, selfSigned().key, "0600");
  await under.server.writeFile(`${FOLDER}/ssl.cert`, cert, "0600");
  await under.config("set", "https.enabled", "true");
  await under.config("set", "https.tls.key", `${FOLDER}/ssl.key`);
  await under.config("set", "https.tls.cert", `${FOLDER}/ssl.cert`);
  const { exitCode, stderr } = await under.server.run(["tljh-config", "reload", "proxy"]);
  const { status } = await under
    .user("nobody")
    .client.request("/hub/api")
    .catch(() => ({ status: 0 }));
  await under.server.writeFile("/opt/tljh/config/config.yaml", before, "0600");
  await under.config("reload", "proxy");
  await under.server.must(["rm", "-r", FOLDER]);
  expect({ exitCode, status, stderr }).toMatchObject({ exitCode: 1, status: 200 });
  expect(stderr).toContain(`${FOLDER}/ssl.key`);
});
