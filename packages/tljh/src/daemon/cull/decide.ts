/** `services.cull` of config.yaml; times in seconds. */
export interface CullSettings {
  readonly enabled: boolean;
  readonly timeout: number;
  readonly every: number;
  readonly concurrency: number;
  /** Also takes users themselves out of the hub. */
  readonly users: boolean;
  /** 0 for no limit. */
  readonly max_age: number;
  readonly remove_named_servers: boolean;
  /** `base_url`: `/`, or a path that begins and ends with a slash. */
  readonly baseUrl: string;
}

/** A server as JupyterHub's API describes it. */
export interface HubServer {
  readonly name: string;
  readonly ready?: boolean;
  readonly stopped?: boolean;
  readonly pending?: string | null;
  readonly started?: string | null;
  readonly last_activity?: string | null;
}

/** A user as JupyterHub's API describes it. */
export interface HubUser {
  readonly name: string;
  readonly admin?: boolean;
  readonly created?: string | null;
  readonly last_activity?: string | null;
  readonly servers?: Readonly<Record<string, HubServer>>;
}

export interface CulledServer {
  /** Empty for the user's default server. */
  readonly name: string;
  /** A named server is also taken out of the user's list. */
  readonly remove: boolean;
  readonly because: string;
}

export interface CulledUser {
  readonly user: string;
  readonly servers: readonly CulledServer[];
  /** Why the user is removed, once all servers have stopped; null when the user stays. */
  readonly remove: string | null;
}

/** What one round of culling does, users with nothing to do left out. Times in ms since the epoch. */
export function decideCull(
  users: readonly HubUser[],
  now: number,
  settings: CullSettings,
): CulledUser[] {
  if (!settings.enabled) return [];
  return users
    .map((user) => decideUser(user, now, settings))
    .filter(({ servers, remove }) => servers.length > 0 || remove !== null);
}

function decideUser(user: HubUser, now: number, settings: CullSettings): CulledUser {
  const there = Object.values(user.servers ?? {}).filter((server) => !isStopped(server));
  const servers = there.flatMap((server) => decideServer(server, now, settings) ?? []);
  const staysUp = servers.length < there.length;
  const { name, created, last_activity } = user;
  // An admin who was removed could not log in again when users are added by admins alone.
  const isKept = !settings.users || user.admin === true || staysUp;
  const remove = isKept ? null : reason({ started: created, last_activity }, now, settings);
  return { user: name, servers, remove };
}

/** Listed without running: a named server that can be started again. */
function isStopped(server: HubServer): boolean {
  return server.stopped === true || (server.ready === false && !server.pending);
}

function decideServer(server: HubServer, now: number, settings: CullSettings): CulledServer | null {
  if (server.pending) return null;
  const because = reason(server, now, settings);
  if (because === null) return null;
  const remove = server.name !== "" && settings.remove_named_servers;
  return { name: server.name, remove, because };
}

interface Lifetime {
  readonly started?: string | null | undefined;
  readonly last_activity?: string | null | undefined;
}

/** Idle for too long, or too old; null when neither can be said. Without activity, age counts as idleness. */
function reason(lifetime: Lifetime, now: number, settings: CullSettings): string | null {
  const age = secondsSince(lifetime.started, now);
  const idle = secondsSince(lifetime.last_activity, now) ?? age;
  if (idle !== null && idle >= settings.timeout) return `idle for ${Math.floor(idle)} s`;
  if (settings.max_age > 0 && age !== null && age >= settings.max_age) {
    return `${Math.floor(age)} s old`;
  }
  return null;
}

/** JupyterHub's times are UTC in ISO 8601, of old without the Z. Null for none and for nonsense. */
function secondsSince(time: string | null | undefined, now: number): number | null {
  if (!time) return null;
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(time);
  const moment = Date.parse(hasZone ? time : `${time}Z`);
  return Number.isNaN(moment) ? null : (now - moment) / 1000;
}
