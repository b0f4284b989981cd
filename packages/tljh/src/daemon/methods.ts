import type { z } from "zod";
import type { RpcMethod, RpcMethods } from "../rpc/index.ts";
import type { Accounts } from "./accounts.ts";
import {
  accountParameters,
  parseParameters,
  passwordParameters,
  removedParameters,
  startParameters,
  unitParameters,
  userParameters,
} from "./parameters.ts";
import type { PasswordStore } from "./passwords.ts";
import type { Servers } from "./servers.ts";

export interface DaemonParts {
  readonly version: string;
  readonly accounts: Accounts;
  readonly servers: Servers;
  readonly passwords: PasswordStore;
}

function checked<T>(schema: z.ZodType<T>, method: string, run: (params: T) => unknown): RpcMethod {
  return (params) => run(parseParameters(method, schema, params));
}

/** systemd's own setting for it; a home in /var/lib is the spawner's to ask for. */
const dynamic = { DynamicUser: "yes" };

/** The methods of the daemon's socket. */
export function daemonMethods({ version, accounts, servers, passwords }: DaemonParts): RpcMethods {
  const method = <T>(name: string, schema: z.ZodType<T>, run: (params: T) => unknown) => ({
    [name]: checked(schema, name, run),
  });
  return {
    ping: () => ({ version, pid: process.pid }),
    ...method("accounts.ensure", accountParameters, (params) =>
      accounts.ensure({ ...params, account: params.account ?? null }),
    ),
    ...method("users.removed", removedParameters, async (params) => ({
      told: await accounts.removed({ ...params, account: params.account ?? null }),
    })),
    ...method("servers.start", startParameters, ({ dynamicUser, ...params }) =>
      servers.start({
        ...params,
        properties: { ...params.properties, ...(dynamicUser ? dynamic : {}) },
        workingDirectory: params.workingDirectory ?? null,
        slice: params.slice ?? null,
      }),
    ),
    ...method("servers.status", unitParameters, ({ unit }) => servers.status(unit)),
    ...method("servers.stop", unitParameters, async ({ unit }) => {
      await servers.stop(unit);
      return {};
    }),
    ...method("passwords.state", userParameters, async ({ username }) => ({
      exists: await passwords.exists(username),
    })),
    ...method("passwords.check", passwordParameters, ({ username, password }) =>
      passwords.check(username, password),
    ),
    ...method("passwords.set", passwordParameters, async ({ username, password }) => {
      await passwords.set(username, password);
      return {};
    }),
    ...method("passwords.forget", userParameters, async ({ username }) => {
      await passwords.forget(username);
      return {};
    }),
  };
}
