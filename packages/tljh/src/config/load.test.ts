import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TljhError } from "../errors/error.ts";
import { loadCompleteConfig, loadConfig, parseConfig } from "./load.ts";
import { defaults } from "./schema.ts";

function problem(text: string): [code: string, message: string, remedy: string] {
  try {
    parseConfig(text);
  } catch (error) {
    const { code, message, remedy } = error as TljhError;
    return [code, message, remedy];
  }
  throw new Error(`nothing is wrong with ${text}`);
}

async function fileWith(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "tljh-load-")), "config.yaml");
  await writeFile(file, text);
  return file;
}

describe("a good configuration", () => {
  it.each(["", "\n", "# only a comment\n", "{}", "---\n", "users:\nlimits:\n  memory:\n", "~"])(
    "may hold nothing: %j",
    (text) => expect(parseConfig(text).effective).toMatchObject(defaults),
  );

  it("may not be there at all", async () => {
    expect((await loadConfig("/nowhere/config.yaml")).effective).toEqual(defaults);
  });

  it("has its defaults filled in", () => {
    const { value, effective } = parseConfig("http:\n  port: 8080\n");
    expect(value).toEqual({ http: { port: 8080 } });
    expect(effective).toEqual({ ...defaults, http: { address: "", port: 8080 } });
  });

  it("keeps what belongs to plugins, as it is written", () => {
    const text = "quota: {size: 1_0, id: 12345678901234567890}\nplasma:\n  groups: [007]\n";
    expect(parseConfig(text).effective).toMatchObject({
      quota: { size: "1_0", id: 12345678901234567890n },
      plasma: { groups: [7] },
    });
  });

  it("has user names and passwords as they stand in the file", () => {
    const text =
      "users:\n  admin: [007, 1e3, true, 'x', null]\n  extra_user_groups: {g: [0x10]}\n" +
      "auth:\n  DummyAuthenticator:\n    password: 0123\n    other: 0123\n";
    const { users, auth } = parseConfig(text).effective;
    expect(users.admin).toEqual(["007", "1e3", "true", "x", "null"]);
    expect(users.extra_user_groups).toEqual({ g: ["0x10"] });
    expect(auth.DummyAuthenticator).toEqual({ password: "0123", other: 123 });
  });

  it("has names that come through an alias as text too", () => {
    const { users } = parseConfig(
      "x: &all [01]\nusers:\n  admin: *all\n  allowed: *all\n",
    ).effective;
    expect([users.admin, users.allowed]).toEqual([["01"], ["01"]]);
  });

  it.each([
    ["memory: 1073741824", 1073741824],
    ["memory: '1073741824'", 1073741824],
    ["memory: 4g", "4G"],
    ["memory: 1.5T", "1.5T"],
    ["memory: null", null],
  ])("may limit %s", (text, memory) => {
    expect(parseConfig(`limits: {${text}}`).effective.limits.memory).toBe(memory);
  });

  it.each([
    ["/", "/"],
    ["''", "/"],
    ["hub", "/hub/"],
    ["/a/b", "/a/b/"],
    ["/a/", "/a/"],
  ])("may be served at %s", (text, path) => {
    expect(parseConfig(`base_url: ${text}`).effective.base_url).toBe(path);
  });

  it("does not have its defaults changed by those who change it", () => {
    parseConfig("").effective.users.admin.push("x");
    expect(parseConfig("").effective.users.admin).toEqual([]);
  });
});

describe("a mistake is told with its place and its remedy", () => {
  it.each([
    [
      "limits:\n  memory: banana\n",
      'limits.memory is "banana", but must be a number of bytes, or a number with K, M, G or T such as 4G, or none for no limit (line 2)',
      "set limits.memory 4G",
    ],
    [
      "limits: {memory: 0}",
      "limits.memory is 0, but must be a number of bytes",
      "set limits.memory 4G",
    ],
    ["limits: {memory: 0G}", 'limits.memory is "0G", but must', "4G"],
    ["limits: {memory: 1.5}", "limits.memory is 1.5, but must", "4G"],
    [
      "limits: {cpu: 0}",
      "limits.cpu is 0, but must be a number of cores above 0",
      "set limits.cpu 2",
    ],
    [
      "limits: {cpu: two}",
      'limits.cpu is "two", but must be a number of cores',
      "set limits.cpu 2",
    ],
    [
      "limits: 3",
      "limits is 3, but must be a section with the keys memory, cpu",
      "set limits.memory 4G",
    ],
    [
      "users: bob",
      'users is "bob", but must be a section with the keys allowed',
      "add-item users.allowed alice",
    ],
    [
      "users: {admin: bob}",
      'users.admin is "bob", but must be a list of user names',
      "unset users.admin; sudo tljh-config add-item users.admin bob",
    ],
    [
      "users: {admin: [{a: 1}]}",
      "users.admin.0 is a section, but must be a user name",
      "add-item users.admin alice",
    ],
    [
      "users: {admin: ['']}",
      'users.admin.0 is "", but must be a user name',
      "add-item users.admin",
    ],
    [
      "users: {extra_user_groups: {g: u}}",
      'users.extra_user_groups.g is "u", but must be a list of user names',
      "add-item users.extra_user_groups.g u",
    ],
    [
      "users: {extra_user_groups: {g: [[]]}}",
      "users.extra_user_groups.g.0 is a list, but must be a user name",
      "add-item users.extra_user_groups.g",
    ],
    [
      "users: {extra_user_groups: [g]}",
      "users.extra_user_groups is a list, but must be a map from group names",
      "unset users.extra_user_groups",
    ],
    [
      "conda: {mirrors: {conda-forge: [mirror.example]}}",
      'conda.mirrors.conda-forge.0 is "mirror.example", but must be an http, https or file URL',
      "add-item conda.mirrors.conda-forge https://mirror.example/conda-forge",
    ],
    [
      "http: {port: 0}",
      "http.port is 0, but must be a port, a whole number from 1 to 65535",
      "set http.port 8080",
    ],
    ["http: {port: 65536}", "http.port is 65536, but must", "8080"],
    ["http: {port: '80'}", 'http.port is "80", but must', "8080"],
    ["http: {port: 12345678901234567890}", "http.port is 12345678901234567890, but must", "8080"],
    [
      "http: {address: 'a b'}",
      'http.address is "a b", but must be an IP address or host name',
      "127.0.0.1",
    ],
    [
      "https: {enabled: yes}",
      'https.enabled is "yes", but must be true or false',
      "set https.enabled true",
    ],
    [
      "https: {letsencrypt: {email: me}}",
      'https.letsencrypt.email is "me", but must be an e-mail address',
      "you@example.com",
    ],
    [
      "https: {letsencrypt: {domains: nir}}",
      'https.letsencrypt.domains is "nir", but must be a list of domain names',
      "add-item https.letsencrypt.domains nir",
    ],
    [
      "https: {letsencrypt: {domains: ['a b']}}",
      'https.letsencrypt.domains.0 is "a b", but must be a domain name',
      "hub.example.com",
    ],
    ["traefik_api: {ip: here}", 'traefik_api.ip is "here", but must be an IP address', "127.0.0.1"],
    [
      "user_environment: {default_app: lab}",
      'user_environment.default_app is "lab", but must be jupyterlab or classic',
      "set user_environment.default_app classic",
    ],
    [
      "services: {cull: {timeout: soon}}",
      'services.cull.timeout is "soon", but must be a whole number of seconds, 1 or more',
      "set services.cull.timeout 600",
    ],
    [
      "services: {cull: {every: 1.5}}",
      "services.cull.every is 1.5, but must be a whole number",
      "60",
    ],
    [
      "base_url: http://x/",
      'base_url is "http://x/", but must be a path such as /jupyter',
      "set base_url /jupyter",
    ],
    [
      "auth: {type: 'a b'}",
      'auth.type is "a b", but must be the class path or short name',
      "set auth.type dummy",
    ],
    [
      "auth: {Dummy: 1}",
      "auth.Dummy is 1, but must be a section with keys and values",
      "unset auth.Dummy",
    ],
    [
      "traefik_api: {password: [hush]}",
      "traefik_api.password is something else, but must be text",
      "set traefik_api.password VALUE",
    ],
  ])("%s", (text, message, remedy) => {
    const told = problem(text);
    expect(told[0]).toBe("CONFIG_VALUE_INVALID");
    expect(told[1]).toContain(`config.yaml: ${message}`);
    expect(told[1]).toMatch(/\(line \d\)$/);
    expect(told[2]).toContain(remedy);
  });

  it.each([
    [
      "auth:\n  tpye: dummy\n",
      "CONFIG_KEY_UNKNOWN",
      "config.yaml: auth.tpye: did you mean auth.type? (line 2)",
    ],
    [
      "auth: {foo: {a: 1}}",
      "CONFIG_AUTH_KEY_UNKNOWN",
      "config.yaml: auth.foo is neither auth.type nor named after a class of an authenticator (line 1)",
    ],
    [
      "limits: {memroy: 1}",
      "CONFIG_KEY_UNKNOWN",
      "config.yaml: limits.memroy: did you mean limits.memory? (line 1)",
    ],
    [
      "https: {tls: {pem: x}}",
      "CONFIG_KEY_UNKNOWN",
      "config.yaml: https.tls.pem: there is no such key (line 1)",
    ],
    [
      "services: {cull: {timout: 1}}",
      "CONFIG_KEY_UNKNOWN",
      "config.yaml: services.cull.timout: did you mean services.cull.timeout? (line 1)",
    ],
  ])("%s", (text, code, message) => {
    expect(problem(text)).toEqual([code, message, expect.stringContaining("tljh-config unset")]);
  });

  it("of several, all are told", () => {
    expect(problem("limits: {memory: x}\nusers: {admins: []}\n")).toEqual([
      "CONFIG_INVALID",
      expect.stringMatching(
        /^config.yaml has 2 mistakes:\nlimits.memory .*\(line 1\)\nusers.admins: .*\(line 2\)$/s,
      ),
      expect.stringContaining("\n"),
    ]);
  });

  it("is doubted only, where a plugin may have its keys", () => {
    const { warnings } = parseConfig("limit: {memory: 1G}\nservices: {cul: {}}\nquota: 1\n");
    expect(warnings.map(({ code, message, severity }) => [code, message, severity])).toEqual([
      ["CONFIG_KEY_DOUBTFUL", "limit: did you mean limits?", "tolerated"],
      ["CONFIG_KEY_DOUBTFUL", "services.cul: did you mean services.cull?", "tolerated"],
    ]);
  });
});

describe("a file that is no YAML is told with line, column and the line itself", () => {
  it.each([
    ["a: b: c\n", "line 1, column 4", "a: b: c\n   ^", "quotes"],
    ["users:\n\tadmin: []\n", "line 2, column 1", " admin: []\n^", "spaces, not with tabs"],
    ["a: 1\na: 2\n", "line 2, column 1", "a: 2\n^", "keep one of the two"],
    ["a: [1, 2\nb: 3\n", "line 2", "b: 3", "nano"],
    ["a:\n  b: 1\n c: 2\n", "line 3", " c: 2", "same number of spaces"],
    ["a: 1\n---\nb: 2\n", "line 2", "---", "one document"],
    ["a: 'x\n", "line", "a: 'x", "closing quote"],
    ["a: *x\n", "line 1", "a: *x", "nano"],
    ["password: 'hush\n", "line", "password: …", "nano"],
  ])("%j", (text, place, line, hint) => {
    const [code, message, remedy] = problem(text);
    expect(code).toBe("CONFIG_YAML_BROKEN");
    expect(message).toContain(place);
    expect(message).toContain(line);
    expect(remedy).toContain(hint);
    expect(remedy).toMatch(/sudo nano \+\d+,\d+ config.yaml/);
  });

  it.each([
    ["- a\n", "a list"],
    ["just text\n", "a single value"],
  ])("%j is no configuration", (text, found) => {
    expect(problem(text)).toEqual([
      "CONFIG_NOT_A_MAP",
      `config.yaml holds ${found} where keys such as users: or limits: are expected`,
      expect.stringContaining("base_url: /"),
    ]);
  });

  it("an explosion of aliases does not take the memory", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i}: &l${i} [${`*l${i - 1}, `.repeat(9)}]`,
    );
    expect(problem(["l0: &l0 [x, x]", ...levels.slice(1)].join("\n"))[0]).toBe(
      "CONFIG_YAML_BROKEN",
    );
  });
});

describe("a configuration for hub and proxy must be complete", () => {
  it.each([
    [
      "https: {enabled: true}",
      "CONFIG_HTTPS_CERTIFICATE_MISSING",
      "neither https.tls nor https.letsencrypt is set",
    ],
    [
      "https: {tls: {key: /k}}",
      "CONFIG_TLS_INCOMPLETE",
      "https.tls.key is set, but https.tls.cert is not",
    ],
    [
      "https: {tls: {cert: /c}}",
      "CONFIG_TLS_INCOMPLETE",
      "https.tls.cert is set, but https.tls.key is not",
    ],
    [
      "https: {tls: {cert: c, key: /k}}",
      "CONFIG_TLS_PATH_RELATIVE",
      'https.tls.cert is "c", which does not begin with /',
    ],
    [
      "https: {letsencrypt: {email: a@b}}",
      "CONFIG_LETSENCRYPT_INCOMPLETE",
      "https.letsencrypt.domains is not",
    ],
    [
      "https: {letsencrypt: {domains: [a.b]}}",
      "CONFIG_LETSENCRYPT_INCOMPLETE",
      "https.letsencrypt.email is not",
    ],
    [
      "http: {port: 15001}",
      "CONFIG_PORT_TWICE",
      "http.port is 15001, which is also the port of the hub itself",
    ],
    [
      "http: {port: 8099}",
      "CONFIG_PORT_TWICE",
      "traefik_api.port is 8099, which is also the port of http.port",
    ],
    [
      "https: {enabled: true, port: 80, tls: {key: /k, cert: /c}}",
      "CONFIG_PORT_TWICE",
      "https.port is 80",
    ],
  ])("%s", async (text, code, message) => {
    const file = await fileWith(text);
    await expect(loadConfig(file)).resolves.toBeDefined();
    await expect(loadCompleteConfig(file)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      remedy: expect.stringMatching(/tljh-config|https\.tls\.key/),
    });
  });

  it("warns of what works, but is hardly meant", async () => {
    const file = await fileWith(
      "limits: {memory: 4}\nhttps: {tls: {key: /k, cert: /c}, letsencrypt: {email: a@b, domains: [c.d]}}\n",
    );
    const { warnings } = await loadCompleteConfig(file);
    expect(warnings).toMatchObject([
      {
        code: "CONFIG_HTTPS_AMBIGUOUS",
        message:
          "https.tls and https.letsencrypt are both set; the certificate of https.tls is used",
      },
      {
        code: "CONFIG_MEMORY_TINY",
        message: "limits.memory gives a server 4 bytes, and none starts with less than about 64M",
      },
    ]);
  });

  it("tells which file cannot be read", async () => {
    await expect(loadConfig(tmpdir())).rejects.toMatchObject({
      code: "CONFIG_UNREADABLE",
      message: `${tmpdir()} cannot be read`,
    });
  });
});
