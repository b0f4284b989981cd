import { isIP } from "node:net";
import * as z from "zod";
import { hookTimeouts } from "./hook-timeouts.ts";
import {
  describe,
  key,
  section,
  sectionInfo,
  text,
  textKey,
  textMapKey,
  textsKey,
} from "./keys.ts";

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const MEMORY = /^([0-9]+(?:\.[0-9]+)?)([KMGT])$/i;

const isName = (value: string) => value.trim() !== "" && !/[\n\r\0]/.test(value);
const isAddress = (value: string) => value === "" || isIP(value) !== 0 || HOST_NAME.test(value);

const address = (what: string) =>
  textKey(
    "",
    {
      description: `Address on which the hub listens for ${what}. Empty: every address of the server.`,
      expects: "an IP address or host name of this server, or empty for all of its addresses",
      example: "127.0.0.1",
    },
    isAddress,
  );

const port = (fallback: number, description: string) =>
  key(z.int().min(1).max(65535), fallback, {
    description,
    expects: "a port, a whole number from 1 to 65535",
    example: String(fallback === 80 ? 8080 : fallback === 443 ? 8443 : fallback),
  });

const flag = (fallback: boolean, description: string) =>
  key(z.boolean(), fallback, {
    description,
    expects: "true or false",
    example: String(!fallback),
  });

const count = (fallback: number, least: number, unit: string, description: string) =>
  key(z.int().min(least), fallback, {
    description,
    expects: `a whole number${unit}, ${least} or more`,
    example: String(fallback || 3600),
  });

const names = (description: string, example: string) =>
  textsKey({ description, expects: "a list of user names", example }, isName);

/** Bytes as a number, or a number with its unit in upper case, as JupyterHub reads it. */
const memory = z
  .union([z.int().min(1), z.string().regex(MEMORY), z.string().regex(/^[1-9][0-9]*$/)])
  .refine((value) => typeof value === "number" || Number.parseFloat(value) > 0)
  .transform((value) =>
    typeof value === "number" ? value : MEMORY.test(value) ? value.toUpperCase() : Number(value),
  );

const limits = section("What one user's server may use at most.", {
  memory: key(memory.nullable(), null, {
    description: "Memory of one user's server. Without a value there is no limit.",
    expects: "a number of bytes, or a number with K, M, G or T such as 4G, or none for no limit",
    example: "4G",
  }),
  cpu: key(z.number().positive().nullable(), null, {
    description:
      "Processor cores of one user's server; 0.5 is half a core. Without a value there is no limit.",
    expects: "a number of cores above 0 such as 2 or 0.5, or none for no limit",
    example: "2",
  }),
});

const users = section("Who may log in, and who is an admin.", {
  allowed: names(
    "Users who may log in. Empty with the default authenticator: everybody whom an admin added.",
    "alice",
  ),
  banned: names("Users who may not log in.", "mallory"),
  admin: names("Users who administer the hub, and who may use sudo on the server.", "alice"),
  extra_user_groups: textMapKey(
    {
      description:
        "Unix groups, which exist already, and the users whose accounts become members: `<group>: [<user>, …]`.",
      expects: "a map from group names to lists of user names",
      example: "alice",
      each: { name: "group", list: "a list of user names", item: "a user name" },
    },
    isName,
  ),
});

const http = section("Plain HTTP.", {
  address: address("HTTP"),
  port: port(80, "Port for HTTP."),
});

const https = section("HTTPS. It needs either your own certificate (`tls`) or `letsencrypt`.", {
  enabled: flag(false, "Serve HTTPS, and send visitors of plain HTTP there."),
  address: address("HTTPS"),
  port: port(443, "Port for HTTPS."),
  tls: section("A certificate of your own.", {
    key: textKey("", {
      description: "File that holds the private key (PEM).",
      expects: "the path of a file",
      example: "/etc/mycerts/mydomain.key",
    }),
    cert: textKey("", {
      description: "File that holds the certificate, followed by its chain (PEM).",
      expects: "the path of a file",
      example: "/etc/mycerts/mydomain.cert",
    }),
  }),
  letsencrypt: section("A certificate from Let's Encrypt.", {
    email: textKey(
      "",
      {
        description: "Address to which Let's Encrypt writes about the certificate.",
        expects: "an e-mail address",
        example: "you@example.com",
      },
      (value) => value === "" || /^[^\s@]+@[^\s@]+$/.test(value),
    ),
    domains: textsKey(
      {
        description: "Names of this server, for which the certificate is made.",
        expects: "a list of domain names",
        example: "hub.example.com",
      },
      (value) => HOST_NAME.test(value) && isIP(value) === 0,
    ),
    staging: flag(
      false,
      "Use Let's Encrypt's test service, whose certificates browsers do not trust.",
    ),
  }),
});

const proxyApi = section("The proxy's own interface, used by the hub. Seldom of interest.", {
  ip: textKey(
    "127.0.0.1",
    {
      description: "Address of the proxy's interface.",
      expects: "an IP address",
      example: "127.0.0.1",
    },
    (value) => isIP(value) !== 0 || value === "localhost",
  ),
  port: port(8099, "Port of the proxy's interface."),
  username: textKey("api_admin", {
    description: "Kept for configurations of earlier versions; the proxy asks for a token alone.",
    expects: "text",
  }),
  password: textKey("", {
    description: "Kept for configurations of earlier versions; the token is made at installation.",
    expects: "text",
  }),
});

const userEnvironment = section("What a user sees first.", {
  default_app: key(z.enum(["jupyterlab", "classic"]), "jupyterlab", {
    description:
      "Application that opens after login: JupyterLab, or the classic file browser of Jupyter Notebook.",
    expects: "jupyterlab or classic",
    example: "classic",
  }),
});

const cull = section("Stops servers that nobody uses.", {
  enabled: flag(true, "Stop idle servers."),
  timeout: count(
    600,
    1,
    " of seconds",
    "Seconds without activity after which a server is stopped.",
  ),
  every: count(60, 1, " of seconds", "Seconds between two looks."),
  concurrency: count(5, 1, "", "How many requests to the hub may run at once."),
  users: flag(false, "Remove an idle user from the hub too, not only the server."),
  max_age: count(
    0,
    0,
    " of seconds",
    "Seconds after which a server is stopped even in use; 0 for never.",
  ),
  remove_named_servers: flag(false, "Remove named servers when they are stopped."),
});

/** `services` also takes keys that are not ours, as it always did. */
const services = (() => {
  const shape = { cull };
  const object = z.looseObject(shape);
  const filled = object
    .nullish()
    .meta({ description: "Services of the hub." })
    .transform((value) => value ?? object.parse({}));
  describe(filled, {
    description: "Services of the hub.",
    ...sectionInfo(shape),
    kind: "section",
    others: "anything",
  });
  return filled;
})();

/** No more than a day: a timer cannot wait for much longer than three weeks. */
const timeout = (hook: string, seconds: number) =>
  key(z.int().min(1).max(86_400), seconds, {
    description: `Seconds that one plugin may take in \`${hook}\`.`,
    expects: "a whole number of seconds from 1 to 86400",
    example: String(2 * seconds),
  });

const timeoutKeys = Object.fromEntries(
  Object.entries(hookTimeouts).map(([hook, seconds]) => [hook, timeout(hook, seconds)]),
) as Record<keyof typeof hookTimeouts, ReturnType<typeof timeout>>;

const plugins = section("Plugins. Their own settings are sections of their own.", {
  hook_timeout: section(
    "How long a plugin may take. One that takes longer is ended, and the others go on.",
    timeoutKeys,
  ),
});

const isMirror = (value: string) => /^(?:https?|file):\/\/\S+$/.test(value) && URL.canParse(value);

const conda = section("Where packages of the conda environments come from.", {
  mirrors: textMapKey(
    {
      description:
        "Mirrors of channels: `<channel>: [<URL>, …]`, the channel as it is asked for, by name or URL. They are asked in this order and before the channel itself; one that does not answer is left for the next. User and password or `/t/<token>/` may stand in a URL.",
      expects: "a map from channels to lists of URLs",
      example: "https://mirror.example/conda-forge",
      each: { name: "channel", list: "a list of URLs", item: "an http, https or file URL" },
    },
    isMirror,
  ),
});

export const DEFAULT_AUTHENTICATOR = "firstuseauthenticator.FirstUseAuthenticator";

/** True for a key of `auth` that names a class of JupyterHub's; every other key but `type` is a mistake. */
export const namesClass = (name: string) => name !== "" && name[0] === name[0]?.toUpperCase();

/** `auth.type`, and one map for each authenticator class: `auth.<Class>.<trait>` becomes `c.<Class>.<trait>`. */
const auth = (() => {
  const shape = {
    type: textKey(
      DEFAULT_AUTHENTICATOR,
      {
        description:
          "Authenticator: a class path such as `oauthenticator.github.GitHubOAuthenticator`, or a short name such as `dummy`.",
        expects: "the class path or short name of an authenticator",
        example: "dummy",
      },
      (value) => /^[\w.:-]+$/.test(value),
    ),
  };
  const object = z.object(shape).catchall(z.record(z.string(), z.unknown()).nullable());
  const description =
    "How users log in. Beside `type` it holds one section for each authenticator class: `auth.<Class>.<trait>` is set on JupyterHub as `c.<Class>.<trait>`.";
  const filled = object
    .nullish()
    .meta({ description })
    .transform((value) => withFirstUse(value ?? object.parse({})));
  describe(filled, {
    description,
    ...sectionInfo(shape),
    expects: "a section with type and sections named after authenticator classes",
    kind: "section",
    others: "classes",
  });
  return filled;
})();

/** Users do not add themselves by logging in, unless the configuration says so. */
function withFirstUse<A extends { type: string; [name: string]: unknown }>(auth: A) {
  const own = auth.FirstUseAuthenticator as Record<string, unknown> | null | undefined;
  return { ...auth, FirstUseAuthenticator: { create_users: false, ...own } };
}

/** As JupyterHub has it: with a slash at either end. */
function withSlashes(path: string): string {
  const names = path.replace(/^\/|\/$/g, "");
  return names === "" ? "/" : `/${names}/`;
}

const shape = {
  base_url: key(
    text.refine((value) => /^(?!.*\/\/)[^\s?#:]*$/.test(value)).transform(withSlashes),
    "/",
    {
      description: "Path below which the hub is served.",
      expects: "a path such as /jupyter, without a host name, spaces, ? or #",
      example: "/jupyter",
    },
    "text",
  ),
  auth,
  users,
  limits,
  http,
  https,
  traefik_api: proxyApi,
  user_environment: userEnvironment,
  services,
  conda,
  plugins,
};

/** config.yaml as a whole. Top-level keys that are not ours belong to plugins and are kept. */
export const schema = z.looseObject(shape).meta({
  title: "The Littlest JupyterHub: config.yaml",
});

describe(schema, {
  description: "config.yaml",
  ...sectionInfo(shape),
  kind: "section",
  others: "anything",
});

/** What the program works with: normalised, and every default filled in. */
export type Config = z.output<typeof schema>;

/** The configuration of a server whose config.yaml is empty. */
export const defaults: Config = schema.parse({});
