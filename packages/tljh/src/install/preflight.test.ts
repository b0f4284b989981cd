import { mkdtempSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { serverPaths } from "../system/paths.ts";
import {
  checkArchitecture,
  checkDisk,
  checkOriginal,
  checkPort,
  checkRoot,
  checkSystem,
  checkSystemd,
  parseOsRelease,
} from "./preflight.ts";

test("os-release is read with and without quotes", () => {
  expect(parseOsRelease('ID=debian\nVERSION_ID="13"\n')).toEqual({ id: "debian", version: "13" });
});

test.each([
  ["ubuntu", "20.04", "The Littlest JupyterHub requires Ubuntu 22.04 or higher"],
  ["debian", "10", "The Littlest JupyterHub requires Debian 11 or higher"],
  ["fedora", "42", "The Littlest JupyterHub currently supports Ubuntu or Debian Linux only"],
  ["", "", "The Littlest JupyterHub currently supports Ubuntu or Debian Linux only"],
])("%s %s is refused in the original's words", (id, version, sentence) => {
  expect(() => checkSystem({ id, version })).toThrowError(
    expect.objectContaining({ code: "INSTALL_SYSTEM_UNSUPPORTED", message: sentence }),
  );
});

test.each([
  ["ubuntu", "22.04"],
  ["ubuntu", "26.04"],
  ["debian", "11"],
  ["debian", "13"],
  ["debian", ""],
])("%s %s is accepted", (id, version) => {
  expect(() => checkSystem({ id, version })).not.toThrow();
});

test("whoever is not root is told how to become it", () => {
  expect(() => checkRoot("tljh install", 1000)).toThrowError(
    expect.objectContaining({
      code: "INSTALL_NOT_ROOT",
      remedy: "Run the same command with sudo in front of it, as in: sudo tljh install",
    }),
  );
});

test("a processor without packages is refused by name", () => {
  expect(() => checkArchitecture("riscv64")).toThrowError(
    expect.objectContaining({
      code: "INSTALL_ARCHITECTURE_UNSUPPORTED",
      message: expect.stringContaining("riscv64"),
    }),
  );
  expect(() => checkArchitecture("arm64")).not.toThrow();
});

test("a system whose first process is not systemd is refused by that process's name", async () => {
  const comm = join(mkdtempSync(join(tmpdir(), "tljh-")), "comm");
  writeFileSync(comm, "docker-init\n");
  await expect(checkSystemd(comm)).rejects.toMatchObject({
    code: "INSTALL_SYSTEMD_MISSING",
    message: expect.stringContaining("is docker-init, not systemd"),
  });
  writeFileSync(comm, "systemd\n");
  await expect(checkSystemd(comm)).resolves.toBeUndefined();
});

test("a disk that is too small is refused with both figures", async () => {
  await expect(checkDisk("/does/not/exist", Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
    code: "INSTALL_DISK_TOO_SMALL",
    message: expect.stringMatching(/GB free.*needs about/),
  });
});

test.each(["hub/pyvenv.cfg", "state/passwords.dbm"])(
  "a server of the original, told by its %s, is left as it is",
  async (file) => {
    const paths = serverPaths(await mkdtemp(join(tmpdir(), "tljh-original-")));
    await expect(checkOriginal(paths)).resolves.toBeUndefined();
    await mkdir(dirname(join(paths.prefix, file)), { recursive: true });
    await writeFile(join(paths.prefix, file), "");
    await expect(checkOriginal(paths)).rejects.toMatchObject({
      code: "INSTALL_ORIGINAL_FOUND",
      message: expect.stringContaining(file),
    });
  },
);

test("a taken port is refused with the name of the program that holds it", async () => {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as { port: number };
    await expect(checkPort("127.0.0.1", port)).rejects.toMatchObject({
      code: "INSTALL_PORT_TAKEN",
      message: expect.stringMatching(`by \\S*node\\S* .*\\(process ${process.pid}\\)`),
    });
  } finally {
    server.close();
  }
});
