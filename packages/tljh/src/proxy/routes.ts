import type { ProxyStore, Route } from "configurable-http-proxy";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";
import { errorFields, type Log } from "../system/log.ts";

export interface RouteStoreOptions {
  readonly log: Log;
  /** Routes of an earlier boot lead to ports that anybody may have by now. */
  readonly boot: string;
  /** Milliseconds after which a new time of last activity is on disk. */
  readonly activityDelay?: number;
}

const usualActivityDelay = 15_000;

/** `/user/alice` for every way to write it. In linear time, since anybody may send a path. */
function cleanPath(path: string): string {
  let [start, end] = [0, path.length];
  while (path[start] === "/") start++;
  while (end > start && path[end - 1] === "/") end--;
  return `/${path.slice(start, end)}`;
}

/**
 * The routes, kept in a file: a proxy that was restarted or killed knows them at once.
 * `add` and `remove` end when the change is on disk, so what the hub was told is never lost.
 */
export class RouteStore implements ProxyStore {
  readonly #file: string;
  readonly #options: RouteStoreOptions;
  readonly #routes = new Map<string, Route>();
  #writing: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, options: RouteStoreOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** The store with what the file holds; a file that cannot be used is an empty one. */
  static async open(file: string, options: RouteStoreOptions): Promise<RouteStore> {
    const store = new RouteStore(file, options);
    try {
      const routes = parseRoutes(await readTextOrNull(file), options.boot);
      for (const [path, route] of routes) store.#routes.set(cleanPath(path), route);
    } catch (error) {
      options.log("warn", "routes were not restored", { file, ...errorFields(error) });
    }
    return store;
  }

  cleanPath(path: string): string {
    return cleanPath(path);
  }

  async get(path: string): Promise<Route | undefined> {
    return this.#routes.get(cleanPath(path));
  }

  async getAll(): Promise<Record<string, Route>> {
    return Object.fromEntries(this.#routes);
  }

  /** The route whose path is the longest beginning of this one, cut at slashes. */
  async getTarget(path: string): Promise<{ prefix: string; data: Route } | undefined> {
    const clean = cleanPath(path);
    const longest = Math.max(0, ...[...this.#routes.keys()].map((one) => one.length));
    for (let end = clean.length; end > 0; end = clean.lastIndexOf("/", end - 1)) {
      const prefix = clean.slice(0, Math.min(end, longest + 1));
      const data = this.#routes.get(prefix);
      if (data) return { prefix, data };
    }
    const data = this.#routes.get("/");
    return data && { prefix: "/", data };
  }

  async add(path: string, data: Route): Promise<null> {
    this.#routes.set(cleanPath(path), data);
    await this.save();
    return null;
  }

  async remove(path: string): Promise<Route | undefined> {
    const route = this.#routes.get(cleanPath(path));
    this.#routes.delete(cleanPath(path));
    await this.save();
    return route;
  }

  /** Only the time of last activity comes this way, with every piece of data. */
  update(path: string, data: Partial<Route>): void {
    const route = this.#routes.get(cleanPath(path));
    // It can be gone since it was looked up.
    if (!route) return;
    Object.assign(route, data);
    const delay = this.#options.activityDelay ?? usualActivityDelay;
    this.#timer ??= setTimeout(() => void this.save(), delay).unref();
  }

  /** Ends when a write has ended that began after this call. Changes in the meantime share one write. */
  save(): Promise<void> {
    this.#waiting ??= this.#writing.then(() => {
      this.#waiting = null;
      this.#writing = this.#write();
      return this.#writing;
    });
    return this.#waiting;
  }

  /** A full disk must not stop logins: it is logged, and the next change tries again. */
  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const content = {
      version: 1,
      boot: this.#options.boot,
      routes: Object.fromEntries(this.#routes),
    };
    try {
      await writeFileAtomic(this.#file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    } catch (error) {
      const fields = { file: this.#file, ...errorFields(error) };
      this.#options.log("error", "routes were not saved", fields);
    }
  }
}

/** The routes of a file of this boot. Throws for a file that is no such file. */
export function parseRoutes(text: string | null, boot: string): [string, Route][] {
  if (text === null) return [];
  const content = JSON.parse(text) as Record<string, unknown>;
  if (content.version !== 1) throw new Error(`its version is ${content.version}, not 1`);
  if (content.boot !== boot) return [];
  const routes = Object.entries(content.routes as Record<string, unknown>);
  return routes.flatMap(([path, route]) => (isRoute(route) ? [[path, revive(route)]] : []));
}

function isRoute(route: unknown): route is Route {
  const target = (route as Route | null)?.target;
  return typeof target === "string" && URL.canParse(target);
}

function revive(route: Route): Route {
  const { last_activity } = route;
  if (typeof last_activity !== "string") return route;
  return { ...route, last_activity: new Date(last_activity) };
}
