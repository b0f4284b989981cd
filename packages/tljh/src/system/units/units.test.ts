import fc from "fast-check";
import { expect, test } from "vitest";
import { serverPaths } from "../paths.ts";
import { unitCommand, unitValue, unitWord } from "./escape.ts";
import { unitTexts } from "./index.ts";

const texts = unitTexts(serverPaths("/opt/tljh"));
const all = Object.entries(texts);

/** The values of one setting of a unit. */
const values = (unit: string, setting: string) =>
  (texts[unit] ?? "").split("\n").flatMap((line) => line.split(`${setting}=`).slice(1).slice(0, 1));

test("the units have the names that the original's admins know", () => {
  expect(Object.keys(texts)).toEqual([
    "jupyterhub.service",
    "tljhd.service",
    "tljhd.socket",
    "tljh-proxy.service",
  ]);
});

test.each(all)("%s has sections and settings only", (_, text) => {
  for (const line of text.split("\n")) expect(line).toMatch(/^(|#.*|\[[A-Z][a-z]+\]|[A-Z]\w+=.+)$/);
});

test.each(all.filter(([name]) => name.endsWith(".service")))("%s never gives up", (_, text) => {
  expect(text).toMatch(/^Restart=always$/m);
  expect(text).toMatch(/^StartLimitIntervalSec=0$/m);
});

test("restarting proxy or daemon restarts no hub", () => {
  expect(texts["jupyterhub.service"]).not.toMatch(/^(Requires|BindsTo|PartOf)=/m);
});

test("the hub gets the original's environment and folder", () => {
  expect(values("jupyterhub.service", "Environment=TLJH_INSTALL_PREFIX")).toEqual(["/opt/tljh"]);
  expect(values("jupyterhub.service", "Environment=PATH")).toEqual([
    "/opt/tljh/hub/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ]);
  expect(values("jupyterhub.service", "WorkingDirectory")).toEqual(["/opt/tljh/state"]);
});

test("hooks about users are called in the folder that the original called them in", () => {
  expect(values("tljhd.service", "WorkingDirectory")).toEqual(["-/opt/tljh/state"]);
});

test("the hub's configuration script may be given", () => {
  const given = unitTexts(serverPaths("/opt/tljh"), { hubConfigScript: "/x/config.py" });
  expect(given["jupyterhub.service"]).toContain(
    "ExecStart=/opt/tljh/hub/bin/python3 -m jupyterhub -f /x/config.py --upgrade-db\n",
  );
});

test("the daemon's socket is root's alone", () => {
  expect(values("tljhd.socket", "SocketMode")).toEqual(["0600"]);
});

test("a prefix with spaces and percent signs is kept whole", () => {
  const odd = unitTexts(serverPaths("/srv/my hub 100%"));
  expect(odd["jupyterhub.service"]).toContain("WorkingDirectory=/srv/my hub 100%%/state\n");
  expect(odd["tljhd.service"]).toContain('ExecStart="/srv/my hub 100%%/app/bin/tljhd"\n');
});

test("no word can end its line or become two", () => {
  const word = fc.string().filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(
    fc.property(word, (text) => {
      const written = unitWord(text);
      const inside = written.startsWith('"') ? written.slice(1, -1) : written;
      expect(inside.replace(/\\(["\\])/g, "$1").replaceAll("%%", "%")).toBe(text);
      if (!written.startsWith('"')) expect(written).not.toMatch(/[\s"'\\;]/);
    }),
  );
  expect(unitCommand(["/bin/x", "$A", ""])).toBe('/bin/x "$$A" ""');
  expect(unitValue("a%b")).toBe("a%%b");
});
