import { expect, it } from "vitest";
import type { Finding } from "../health/check.ts";
import { statusText } from "./status.ts";

const now = new Date(2026, 10, 25, 15, 30);
const since = now.getTime() - 600_000;
const shown = {
  version: "2.1.0",
  address: "http://10.0.0.5/",
  services: [
    { unit: "tljhd.service", name: "The daemon", up: true, state: "active", since },
    { unit: "tljh-proxy.service", name: "The proxy", up: false, state: "failed", since: null },
    { unit: "jupyterhub.service", name: "JupyterHub", up: true, state: "active", since },
  ],
  servers: ["jupyter-a.service", "jupyter-b.service"],
  plugins: ["quota"],
  disabled: ["old"],
  problems: [] as readonly Finding[],
};
const page = { width: null, color: false };

it("tells at a glance what runs", () => {
  expect(statusText(shown, page, now)).toBe(
    `Version         2.1.0
Address         http://10.0.0.5/
Daemon          up since 2026-11-25 15:20 (10 minutes)
Proxy           down (failed)
JupyterHub      up since 2026-11-25 15:20 (10 minutes)
Users' servers  2
Plugins         1 (quota); disabled: old

All is well.
`,
  );
});

it("tells what is wrong below, with what to do", () => {
  const problems = [{ status: "error", message: "x is missing", remedy: "Mount it." }] as const;
  const text = statusText(
    { ...shown, address: null, servers: [], plugins: [], disabled: [], problems },
    page,
    now,
  );
  expect(text).toContain("Address         unknown, since config.yaml has mistakes\n");
  expect(text).toContain("Users' servers  none\nPlugins         none\n");
  expect(text).toMatch(/\nerror {3}x is missing\n {8}what to do: Mount it\.\n\n1 error\.\n$/);
});
