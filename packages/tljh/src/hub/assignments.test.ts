import { describe, expect, it } from "vitest";
import { parseConfig } from "../config/load.ts";
import { type Assignment, hubAssignments } from "./assignments.ts";
import { cullSettings } from "./cull.ts";

/** What a trait is set to by a config.yaml; undefined when it is not set. */
function traits(text: string): (name: string) => unknown {
  const made = hubAssignments(parseConfig(text).effective, { user: "/opt/tljh/user" });
  return (name) => {
    const is = (one: Assignment) => `${one.class}.${one.trait}` === name;
    const found = made.findLast(is);
    return found?.kind === "set" ? new Set(found.value as string[]) : found?.value;
  };
}

describe("JupyterHub's configuration", () => {
  it("of an empty config.yaml is that of the original", () => {
    const of = traits("");
    expect(Object.fromEntries(defaults.map((name) => [name, of(name)]))).toMatchInlineSnapshot(`
      {
        "Authenticator.admin_users": Set {},
        "Authenticator.allowed_users": Set {},
        "Authenticator.blocked_users": Set {},
        "ConfigurableHTTPProxy.api_url": "http://127.0.0.1:8099",
        "ConfigurableHTTPProxy.should_start": false,
        "FirstUseAuthenticator.allow_all": true,
        "FirstUseAuthenticator.create_users": false,
        "JupyterHub.authenticator_class": "firstuseauthenticator.FirstUseAuthenticator",
        "JupyterHub.base_url": "/",
        "JupyterHub.cleanup_servers": false,
        "JupyterHub.hub_port": 15001,
        "JupyterHub.proxy_class": "jupyterhub.proxy.ConfigurableHTTPProxy",
        "JupyterHub.services": [],
        "JupyterHub.spawner_class": "tljh.user_creating_spawner.UserCreatingSpawner",
        "Spawner.cpu_limit": null,
        "Spawner.default_url": "/lab",
        "Spawner.mem_limit": null,
        "SystemdSpawner.default_shell": "/bin/bash",
        "SystemdSpawner.extra_paths": [
          "/opt/tljh/user/bin",
        ],
        "SystemdSpawner.unit_name_template": "jupyter-{USERNAME}",
        "SystemdSpawner.username_template": "jupyter-{USERNAME}",
        "UserCreatingSpawner.user_groups": {},
      }
    `);
  });

  it.each([
    ["base_url: /custom-base", "JupyterHub.base_url", "/custom-base/"],
    ["limits: {memory: 42G}", "Spawner.mem_limit", "42G"],
    ["limits: {memory: 1048576}", "Spawner.mem_limit", 1048576],
    ["limits: {cpu: 0.5}", "Spawner.cpu_limit", 0.5],
    ["user_environment: {default_app: classic}", "Spawner.default_url", "/tree"],
    ["auth: {type: dummy}", "JupyterHub.authenticator_class", "dummy"],
    ["auth: {DummyAuthenticator: {password: test}}", "DummyAuthenticator.password", "test"],
    [
      "auth: {FirstUseAuthenticator: {create_users: true}}",
      "FirstUseAuthenticator.create_users",
      true,
    ],
    ["auth: {GitHubOAuthenticator: {client_id: 12}}", "GitHubOAuthenticator.client_id", "12"],
    [
      "auth: {LDAPAuthenticator: {bind_dn_template: [a, b]}}",
      "LDAPAuthenticator.bind_dn_template",
      ["a", "b"],
    ],
    ["auth: {Some: {key: null}}", "Some.key", undefined],
    ["auth: {Some: }", "Some.key", undefined],
    ["users: {allowed: [a, a, 12]}", "Authenticator.allowed_users", new Set(["a", "12"])],
    ["users: {banned: [b]}", "Authenticator.blocked_users", new Set(["b"])],
    ["users: {admin: [c]}", "Authenticator.admin_users", new Set(["c"])],
    ["users: {extra_user_groups: {g: [a]}}", "UserCreatingSpawner.user_groups", { g: ["a"] }],
    ["traefik_api: {ip: '::1', port: 9000}", "ConfigurableHTTPProxy.api_url", "http://[::1]:9000"],
  ])("%s sets %s", (text, name, value) => expect(traits(text)(name)).toEqual(value));

  it.each([
    ["", true],
    ["auth: {type: firstuseauthenticator.FirstUseAuthenticator}", true],
    ["users: {allowed: [a]}", undefined],
    ["auth: {type: dummy}", undefined],
    ["auth: {FirstUseAuthenticator: {allow_all: false}}", false],
    ["auth: {FirstUseAuthenticator: {allow_all: null}}", true],
  ])("%j lets everybody log in: %s", (text, expected) => {
    expect(traits(text)("FirstUseAuthenticator.allow_all")).toBe(expected);
  });

  it("holds no token and no password of the proxy", () => {
    const made = hubAssignments(parseConfig("traefik_api: {password: hush}").effective, {
      user: "/u",
    });
    expect(JSON.stringify(made)).not.toContain("hush");
  });
});

describe("the daemon's settings for culling", () => {
  it("are those of services.cull, and where the hub is", () => {
    const { effective } = parseConfig("base_url: /x\nservices: {cull: {every: 5, users: true}}\n");
    expect(cullSettings(effective)).toEqual({
      enabled: true,
      timeout: 600,
      every: 5,
      concurrency: 5,
      users: true,
      max_age: 0,
      remove_named_servers: false,
      baseUrl: "/x/",
    });
  });
});

const defaults = [
  "JupyterHub.spawner_class",
  "JupyterHub.cleanup_servers",
  "JupyterHub.hub_port",
  "JupyterHub.proxy_class",
  "JupyterHub.base_url",
  "JupyterHub.authenticator_class",
  "JupyterHub.services",
  "ConfigurableHTTPProxy.should_start",
  "ConfigurableHTTPProxy.api_url",
  "SystemdSpawner.extra_paths",
  "SystemdSpawner.default_shell",
  "SystemdSpawner.unit_name_template",
  "SystemdSpawner.username_template",
  "FirstUseAuthenticator.create_users",
  "FirstUseAuthenticator.allow_all",
  "Authenticator.allowed_users",
  "Authenticator.blocked_users",
  "Authenticator.admin_users",
  "UserCreatingSpawner.user_groups",
  "Spawner.mem_limit",
  "Spawner.cpu_limit",
  "Spawner.default_url",
];
