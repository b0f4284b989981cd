import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { PluginView } from "../../install/plugins/view.ts";
import { pluginDetails, pluginTable } from "./plugins.ts";

const plain = { color: false };

const stars: PluginView = {
  name: "stars",
  package: "tljh-stars",
  version: "1.2.0",
  language: "typescript",
  from: "npm:tljh-stars@^1",
  hooks: ["tljh_extra_user_conda_packages", "tljh_config_post_install"],
  status: "active",
  problems: [],
  contributed: {
    aptPackages: [],
    hubPipPackages: [],
    userCondaPackages: ["xarray", "dask"],
    userCondaChannels: [],
    userPipPackages: [],
    config: ["limits.memory"],
  },
};

const broken: PluginView = {
  name: "a",
  package: "a",
  version: null,
  language: "python",
  from: null,
  hooks: null,
  status: "failing",
  problems: [{ code: "X_Y", message: "cannot be\nimported", remedy: "Mend it.", hook: null }],
  contributed: null,
};

describe("the table of plugins", () => {
  it("has a row for each, and below it what it does and what is wrong", () => {
    expect(pluginTable([stars, broken], plain)).toBe(
      `PLUGIN  VERSION  LANGUAGE    FROM               STATUS
stars   1.2.0    TypeScript  npm:tljh-stars@^1  active
    hooks: tljh_extra_user_conda_packages, tljh_config_post_install
    conda, for users: xarray, dask
    config.yaml: limits.memory
a       -        Python      installed by hand  failing
    cannot be
    imported
    what to do: Mend it.
    code: X_Y
`,
    );
  });

  it("says how to add one if there is none", () => {
    expect(pluginTable([], plain)).toMatch(/^No plugins\. .*sudo tljh plugin add SPEC\n$/);
  });

  it("has colours only where they are wanted", () => {
    const coloured = pluginTable([stars, broken], { color: true });
    expect(coloured).toContain("\u001b[31m");
    expect(stripVTControlCharacters(coloured)).toBe(pluginTable([stars, broken], plain));
  });
});

describe("one plugin in full", () => {
  const setting = {
    path: "stars.catalogue",
    description: "Which catalogue students see.",
    value: "text",
    default: "hipparcos",
    example: "sudo tljh-config set stars.catalogue gaia",
  };

  it("is shown with its settings and what they mean", () => {
    expect(pluginDetails(stars, [setting], plain)).toBe(`stars
  package     tljh-stars 1.2.0
  language    TypeScript
  from        npm:tljh-stars@^1
  status      active

Hooks
  tljh_extra_user_conda_packages
  tljh_config_post_install

Contributed
  conda, for users: xarray, dask
  config.yaml: limits.memory

Settings
  stars.catalogue
    Which catalogue students see.
    value: text; default: hipparcos
    sudo tljh-config set stars.catalogue gaia
`);
  });

  it("that is broken says so, and leaves out what is not known", () => {
    const failing = { ...broken, problems: [{ ...broken.problems[0], hook: "tljh_post_install" }] };
    const text = pluginDetails(failing as PluginView, [], plain);
    expect(text).toContain("Hooks\n  not known, since it was not loaded");
    expect(text).toContain("Problems\n  in tljh_post_install: cannot be\n  imported");
    expect(text).not.toContain("Settings");
  });
});
