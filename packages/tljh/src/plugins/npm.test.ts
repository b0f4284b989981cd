import { join } from "node:path";
import { expect, it } from "vitest";
import { sandbox } from "./fixtures.ts";
import { registryOptions } from "./npm.ts";

it("takes registry and tokens from .npmrc", async () => {
  await using box = await sandbox({
    ".npmrc":
      "# ours\n; old=1\nregistry = https://npm.example.org/\n//npm.example.org/:_authToken=a=b\n",
  });
  expect(await registryOptions({ settings: box.folder, env: {} })).toEqual({
    registry: "https://npm.example.org/",
    "//npm.example.org/:_authToken": "a=b",
  });
});

it("lets the environment win", async () => {
  await using box = await sandbox({ ".npmrc": "registry=https://npm.example.org/\n" });
  const env = { npm_config_registry: "https://mirror.example.org/" };
  expect(await registryOptions({ settings: box.folder, env })).toEqual({
    registry: "https://mirror.example.org/",
  });
});

it("reads the certificates of a cafile", async () => {
  const one = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";
  await using box = await sandbox({ "ca.pem": `a comment\n${one}\n${one}\n` });
  const env = { NPM_CONFIG_CAFILE: join(box.folder, "ca.pem") };
  expect(await registryOptions({ settings: box.folder, env })).toEqual({ ca: [one, one] });
});

it("sets nothing without settings", async () => {
  await using box = await sandbox();
  expect(await registryOptions({ settings: box.folder, env: {} })).toEqual({});
});
