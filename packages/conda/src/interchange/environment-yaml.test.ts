import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CondaError } from "../errors.ts";
import { parseEnvironmentFile } from "./environment-file.ts";
import { environmentYaml } from "./environment-yaml.ts";

const parse = (text: string) => parseEnvironmentFile(text, "environment.yml", "linux-64");

describe("an environment.yml", () => {
  it("is read as conda, mamba and micromamba write it", () => {
    const text = `
name: stars
channels: [conda-forge, defaults, nodefaults]
dependencies:
  - python=3.13.1=h123_0
  - conda-forge::numpy >=2
  - astropy[version='>=7']
  - sel(linux): photutils
  - sel(win): pywin32
  - pip
  - pip:
      - pluggy==1.5
      - --no-deps
prefix: /opt/conda/envs/stars
variables:
  TEN: 10
`;
    expect(parse(text)).toEqual({
      kind: "yaml",
      name: "stars",
      channels: [
        "conda-forge",
        "https://repo.anaconda.com/pkgs/main",
        "https://repo.anaconda.com/pkgs/r",
      ],
      specs: [
        "python=3.13.1=h123_0",
        "conda-forge::numpy >=2",
        "astropy[version='>=7']",
        "photutils",
        "pip",
      ],
      pip: ["pluggy==1.5", "--no-deps"],
      variables: { TEN: "10" },
    });
  });

  it("may leave out all but its dependencies, and have none", () => {
    expect(parse("dependencies:\n")).toMatchObject({ channels: [], specs: [], pip: [] });
  });

  it("gives back what was written", () => {
    const content = {
      name: "yes",
      channels: ["conda-forge", "https://conda.example/lab"],
      specs: ["numpy=2.1.0=py313_0", "python=3.13"],
      pip: ["pluggy==1.5"],
    };
    expect(parse(environmentYaml(content))).toMatchObject(content);
  });

  it("has no credentials in what is written to it or read from a spec", () => {
    const secret = "https://ann:s3cr3t@conda.example/lab";
    const text = environmentYaml({ name: "x", channels: [secret], specs: [], pip: [] });
    expect(text).toContain("- https://conda.example/lab\n");
    expect(parse(`dependencies: ["${secret}::numpy"]`)).toMatchObject({
      specs: ["https://conda.example/lab::numpy"],
    });
  });

  it.each([
    [
      "a key that nobody knows",
      "name: x\ndependency: [numpy]\ndependencies: []",
      'line 2: "dependency" is none of the keys name, channels',
    ],
    ["broken YAML", "dependencies: [numpy", "line 1: Flow sequence"],
    ["a key twice", "name: x\nname: y\ndependencies: []", "line 2: Map keys must be unique"],
    ["no keys", "- numpy", "it must begin with keys such as dependencies:"],
    ["nothing in it", "", "it must begin with keys"],
    ["no dependencies", "name: x", "it has no dependencies"],
    ["dependencies that are no list", "dependencies: numpy", "dependencies must be a list"],
    [
      "a dependency that is a list",
      "dependencies: [[numpy]]",
      "a dependency must be one line of text",
    ],
    [
      "a dependency that is no name",
      'dependencies: ["--channel=x"]',
      '"--channel=x" is no name of a package',
    ],
    [
      "dependencies of another kind",
      "dependencies:\n  - npm: [left-pad]",
      'line 2: "npm" cannot stand among dependencies',
    ],
    [
      "two lines in one item",
      'dependencies: [{pip: ["a\\nb"]}]',
      "an item of pip must be one line of text",
    ],
    [
      "a variable that is none",
      "dependencies: []\nvariables: {A-B: 1}",
      '"A-B" cannot be set as a variable',
    ],
    [
      "all aliases of one",
      `a: &a [x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: *a`).join("\n")}`,
      '"a" is none of the keys',
    ],
  ])("is refused with %s", (_, text, said) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: "CONDA_FILE_INVALID",
        message: expect.stringContaining(said),
      }),
    );
  });

  it("for all platforms at once has its own way into one that is read", () => {
    expect(() => parse("version: 1\nmetadata: {}\npackage: []")).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining("conda-lock render") }),
    );
  });

  it("is read or refused, whatever it holds", () => {
    const yaml = fc.oneof(
      fc.string(),
      fc.json().map((json) => `dependencies: ${json}`),
    );
    fc.assert(
      fc.property(yaml, (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CondaError);
        }
      }),
    );
  });
});
