import { readFile } from "node:fs/promises";
import { hubApiFailed, secretUnreadable } from "../../errors/daemon.ts";
import type { HubUser } from "./decide.ts";

export interface HubApi {
  /** `all` also gives users without a running server. */
  users(all: boolean): Promise<HubUser[]>;
  /** False when the server is still stopping. */
  stopServer(user: string, server: string, remove: boolean): Promise<boolean>;
  removeUser(user: string): Promise<void>;
}

interface UsersPage {
  readonly items?: readonly HubUser[];
  readonly _pagination?: { readonly next?: { readonly offset?: number } | null };
}

const pageSize = 200;
const patience = 30_000;

/** JupyterHub's API below `url` (`http://127.0.0.1:15001/hub/api`). */
export class HttpHubApi implements HubApi {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** With the token in a file, read again each time: it is made anew when it is lost. */
  static async open(url: string, tokenFile: string): Promise<HttpHubApi> {
    const token = await readFile(tokenFile, "utf8").catch((cause: unknown) => {
      throw secretUnreadable(tokenFile, cause);
    });
    return new HttpHubApi(url, token.trim());
  }

  async users(all: boolean): Promise<HubUser[]> {
    const users: HubUser[] = [];
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const query = new URLSearchParams({ offset: String(offset), limit: String(pageSize) });
      if (!all) query.set("state", "active");
      const response = await this.#request("GET", `/users?${query}`);
      const page = (await response.json()) as UsersPage | HubUser[];
      // Without pagination in its answer the hub has sent all there are.
      if (Array.isArray(page)) return page;
      users.push(...(page.items ?? []));
      const next: number | undefined = page._pagination?.next?.offset;
      offset = next !== undefined && next > offset ? next : undefined;
    }
    return users;
  }

  async stopServer(user: string, server: string, remove: boolean): Promise<boolean> {
    const path = `/users/${encodeURIComponent(user)}`;
    const response = server
      ? await this.#request("DELETE", `${path}/servers/${encodeURIComponent(server)}`, { remove })
      : await this.#request("DELETE", `${path}/server`);
    return response.status !== 202;
  }

  async removeUser(user: string): Promise<void> {
    await this.#request("DELETE", `/users/${encodeURIComponent(user)}`);
  }

  async #request(method: string, path: string, body?: object): Promise<Response> {
    const headers = {
      authorization: `token ${this.#token}`,
      accept: "application/jupyterhub-pagination+json",
      ...(body ? { "content-type": "application/json" } : {}),
    };
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(patience),
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).catch((cause: unknown) => {
      throw hubApiFailed(method, path, "it cannot be reached", cause);
    });
    if (response.ok) return response;
    throw hubApiFailed(method, path, `${response.status} ${(await response.text()).slice(0, 300)}`);
  }
}
