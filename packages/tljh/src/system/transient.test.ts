import fc from "fast-check";
import { expect, test } from "vitest";
import {
  checkProperty,
  environmentFileText,
  systemdRunArguments,
  type TransientUnit,
  transientUnitName,
  unusableVariables,
} from "./transient.ts";

const unit: TransientUnit = {
  unit: "jupyter-alice",
  command: ["/opt/tljh/user/bin/jupyterhub-singleuser", "--port=1"],
  account: { uid: 1001, gid: 1002 },
  workingDirectory: "/home/jupyter-alice",
  slice: null,
  properties: {},
  environmentFile: null,
};

test("a user server becomes one systemd-run", () => {
  const properties = { MemoryMax: "1073741824", ReadOnlyPaths: ["/a", "/b c"] };
  const environmentFile = "/run/tljh/environment/jupyter-alice.env";
  expect(
    systemdRunArguments({ ...unit, properties, environmentFile, slice: "class.slice" }),
  ).toEqual([
    "--unit=jupyter-alice.service",
    "--quiet",
    "--description=Jupyter server jupyter-alice",
    "--uid=1001",
    "--gid=1002",
    "--slice=class.slice",
    "--working-directory=/home/jupyter-alice",
    "--property=Type=exec",
    "--property=OOMPolicy=continue",
    "--property=MemoryMax=1073741824",
    "--property=ReadOnlyPaths=/a",
    "--property=ReadOnlyPaths=/b c",
    "--property=EnvironmentFile=/run/tljh/environment/jupyter-alice.env",
    "--",
    "/opt/tljh/user/bin/jupyterhub-singleuser",
    "--port=1",
  ]);
});

test("the request's properties win over the usual ones", () => {
  const args = systemdRunArguments({ ...unit, properties: { OOMPolicy: "stop" } });
  expect(args.filter((argument) => argument.includes("OOMPolicy"))).toEqual([
    "--property=OOMPolicy=stop",
  ]);
});

test("a dynamic user has no numbers", () => {
  const args = systemdRunArguments({ ...unit, account: null, workingDirectory: null });
  expect(args.join(" ")).not.toMatch(/--uid|--gid|--working/);
});

test("a dollar in an argument reaches the program as it is", () => {
  const command = ["/bin/echo", "$HOME", "a$", "$$"];
  expect(systemdRunArguments({ ...unit, command }).slice(-3)).toEqual(["$$HOME", "a$$", "$$$$"]);
});

test.each([
  ["jupyter-alice", "jupyter-alice.service"],
  ["jupyter-a.b@c", "jupyter-a.b@c.service"],
  ["jupyter-alice.service", "jupyter-alice.service.service"],
  ["../../etc/x", "\\x2e.\\x2f..\\x2fetc\\x2fx.service"],
  ["a b\n", "a\\x20b\\x0a.service"],
  ["é", "\\xc3\\xa9.service"],
  ["a\\x2f", "a\\x5cx2f.service"],
])("the unit of %j is %s", (name, expected) => expect(transientUnitName(name)).toBe(expected));

test.each(["", "-x", "a@", "x".repeat(300)])("%j is no unit name", (name) => {
  expect(() => transientUnitName(name)).toThrow(/cannot be the name of a service/);
});

test("different names are different units, and none leaves its folder or becomes an option", () => {
  const name = fc.oneof(fc.string(), fc.string({ unit: "binary" }));
  const of = (text: string) => {
    try {
      return transientUnitName(text);
    } catch {
      return null;
    }
  };
  fc.assert(
    fc.property(name, name, (a, b) => {
      const unitOfA = of(a);
      if (unitOfA === null) return;
      expect(unitOfA).toMatch(/^[A-Za-z0-9:_@\\][A-Za-z0-9:_.@\\-]*\.service$/);
      if (a.toWellFormed() !== b.toWellFormed()) expect(of(b)).not.toBe(unitOfA);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["Memory Max", "1"],
  ["MemoryMax=1\nUser", "root"],
  ["", ""],
  ["-p", ""],
  ["User", "alice\nAmbientCapabilities=~"],
  ["User", "a\0b"],
  ["User", "a\rb"],
])("the property %j=%j is refused", (name, value) => {
  expect(() => checkProperty(name, value)).toThrow(/cannot be set/);
});

test("each property is exactly one argument, behind which nothing is an option", () => {
  const value = fc.string().filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[A-Za-z]+$/), value), (properties) => {
      const args = systemdRunArguments({ ...unit, properties });
      const options = args.slice(0, args.indexOf("--"));
      expect(options.every((argument) => argument.startsWith("--"))).toBe(true);
    }),
  );
});

test("a program without a path is refused", () => {
  expect(() => systemdRunArguments({ ...unit, command: ["sh"] })).toThrow(/is not there/);
  expect(() => systemdRunArguments({ ...unit, command: [] })).toThrow(/is not there/);
});

/** systemd's reading of double-quoted values: a backslash only guards the four characters that need it. */
function readQuoted(text: string): Record<string, string> {
  const pattern = /([A-Za-z_]\w*)="((?:[^"\\]|\\[\s\S])*)"\n/g;
  return Object.fromEntries(
    [...text.matchAll(pattern)].map(([, name, quoted = ""]) => [
      name,
      quoted.replace(/\\(["\\`$])/g, "$1"),
    ]),
  );
}

test("environment values come back as they were, whatever is in them", () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]*$/);
  const value = fc.string({ unit: fc.constantFrom("a", '"', "\\", "$", "`", "\n", "'", "#", "é") });
  fc.assert(
    fc.property(fc.dictionary(name, value), (environment) => {
      expect(readQuoted(environmentFileText(environment))).toEqual({ ...environment });
    }),
  );
});

test("variables that systemd would not take are left out and named", () => {
  const environment = {
    "A-B": "1",
    "X=Y\nZ": "1",
    "": "1",
    "BASH_FUNC_x%%": "1",
    OK: "1",
    N: "\0",
  };
  expect(unusableVariables(environment)).toEqual(["A-B", "X=Y\nZ", "", "BASH_FUNC_x%%", "N"]);
  expect(environmentFileText(environment)).toBe('OK="1"\n');
});
