import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import type { Ingredients } from "../../tools/demo/ingredients.ts";
import type { Sources } from "../../tools/demo/install.ts";
import { cacheDirectory, Server } from "../../tools/server/index.ts";
import { ask } from "./broker.ts";
import { HubUser } from "./hub.ts";
import { bootInstalled, type Installed, serverWithRelease } from "./installed.ts";

export type { Ingredients } from "../../tools/demo/ingredients.ts";
export type { Sources } from "../../tools/demo/install.ts";

export { hasBrowser, keepPicture, logIn, withPage } from "./browser.ts";
export { eventually } from "./eventually.ts";
export { HubUser } from "./hub.ts";
export type { Installed } from "./installed.ts";

/** A server under test, with its hub's address on this machine. */
export interface ServerUnderTest {
  readonly server: Server;
  readonly sources: Sources;
  readonly installed: Installed;
  /** Leads to the server's port 80; ends with a slash. */
  readonly address: string;
  /** A person at this server's hub. */
  user(name: string): HubUser;
  /** The admin, logged in. */
  admin(): Promise<HubUser>;
  /** A name that nobody has, of a user whom the admin has added. */
  addUser(name?: string): Promise<string>;
  /** Somebody whom the admin has added and who has logged in for the first time. */
  student(name?: string): Promise<HubUser>;
  /** Runs `tljh-config`; throws unless it exits with 0. */
  config(...args: readonly string[]): Promise<string>;
  /** What systemd says of a unit. */
  show(unit: string, property: string): Promise<string>;
}

const STUDENT_PASSWORD = "first-use";

function peopleOf(
  user: ServerUnderTest["user"],
  { name: adminName, password }: Installed["admin"],
): Pick<ServerUnderTest, "user" | "admin" | "addUser" | "student"> {
  let adminOnce: Promise<HubUser> | undefined;
  const admin = () => {
    adminOnce ??= expectLogin(user(adminName), password);
    return adminOnce;
  };
  const addUser = async (name = `student-${randomBytes(4).toString("hex")}`) => {
    await (await admin()).api(`users/${name}`, { method: "POST" });
    return name;
  };
  const student = async (name?: string) => expectLogin(user(await addUser(name)), STUDENT_PASSWORD);
  return { user, admin, addUser, student };
}

async function expectLogin(user: HubUser, password: string): Promise<HubUser> {
  const { ok, message, answer } = await user.login(password);
  if (!ok) throw new Error(`${user.username} is not let in: ${answer.status} ${message}`);
  return user;
}

async function underTest(
  server: Server,
  installed: Installed,
  sources: Sources,
): Promise<ServerUnderTest> {
  const address = `${(await server.forward(80)).url}/`;
  return {
    server,
    sources,
    installed,
    address,
    ...peopleOf((name) => new HubUser(address, name), installed.admin),
    config: (...args) => server.must(["tljh-config", ...args]),
    show: async (unit, property) =>
      (await server.must(["systemctl", "show", "--value", "-p", property, unit])).trim(),
  };
}

function installedOnce(): Promise<Installed> {
  return ask<Installed>(inject("tljhBroker"), "/installed");
}

/**
 * The installed server that all test files of a run share; whoever asks first waits for its
 * installation. A test that changes what others look at takes `installedCopy`.
 */
export async function serverForTests(): Promise<ServerUnderTest> {
  const installed = await installedOnce();
  const server = Server.attach(installed.name, installed.cacheDir);
  return underTest(server, installed, installed.sources);
}

/** A server of one's own, as it was right after the installation. The caller destroys it. */
export async function installedCopy(): Promise<ServerUnderTest> {
  const installed = await installedOnce();
  const { cacheDir, snapshot, ingredients } = installed;
  const server = await Server.create({ base: snapshot, cacheDir });
  const sources = await bootInstalled(server, ingredients);
  return underTest(server, installed, sources);
}

/** A plain server with the release in `/root/tljh`, for tests of installing. The caller destroys it. */
export async function plainServer(): Promise<{
  readonly server: Server;
  readonly sources: Sources;
  readonly ingredients: Ingredients;
}> {
  const ingredients = await ask<Ingredients>(inject("tljhBroker"), "/ingredients");
  return { ...(await serverWithRelease(ingredients, cacheDirectory())), ingredients };
}
