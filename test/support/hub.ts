import { eventually } from "./eventually.ts";
import { Kernel } from "./kernel.ts";
import { type Answer, Client, type RequestOptions } from "./requests.ts";

/** Whether a login was taken, and what the page said when it was not. */
export interface Login {
  readonly ok: boolean;
  readonly message: string;
  readonly answer: Answer;
}

/** The text of a hidden field of a form. */
export function fieldOf(html: string, name: string): string | null {
  const tag = html.match(/<input\b[^>]*>/g)?.find((text) => text.includes(`name="${name}"`));
  return tag?.match(/value="([^"]*)"/)?.[1] ?? null;
}

/** What the login page says is wrong. */
export function loginError(html: string): string {
  return html.match(/class="login_error"[^>]*>\s*([^<]*?)\s*</)?.[1] ?? "";
}

/** The text of a page, or the start of any other answer, for an error message. */
export function textOf(body: string): string {
  const bare = body.replace(/<(script|style|head)\b.*?<\/\1>/gs, "").replace(/<[^>]*>/g, " ");
  return bare.replace(/\s+/g, " ").trim().slice(0, 1000);
}

function expectOk(answer: Answer, what: string): Answer {
  if (answer.status < 400) return answer;
  throw new Error(`${what}: the answer was ${answer.status}: ${textOf(answer.body)}`);
}

/** A person with a browser: logs in to the hub, starts the own server, runs code. */
export class HubUser {
  readonly client: Client;
  readonly username: string;
  readonly #base: string;
  #token: string | null = null;

  /** `address` is the hub's, with its base path: `http://127.0.0.1:8000/` */
  constructor(address: string, username: string, options: { readonly ca?: string } = {}) {
    this.client = new Client(address, options);
    this.username = username;
    this.#base = new URL(address).pathname.replace(/\/*$/, "/");
  }

  /** The name as it stands in addresses. */
  get #escaped(): string {
    return encodeURIComponent(this.username);
  }

  path(rest: string): string {
    return this.#base + rest;
  }

  async login(password: string): Promise<Login> {
    const page = expectOk(await this.client.follow(this.path("hub/login")), "the login page");
    const body = new URLSearchParams({
      _xsrf: fieldOf(page.body, "_xsrf") ?? "",
      username: this.username,
      password,
    });
    const next = `hub/login?next=${encodeURIComponent(this.path("hub/home"))}`;
    const answer = await this.client.request(this.path(next), { method: "POST", body });
    const ok = answer.status === 302;
    // The page after a login brings the XSRF cookie that belongs to it.
    if (ok) await this.client.follow(this.path("hub/home"));
    return { ok, message: ok ? "" : loginError(answer.body), answer };
  }

  /** A request to the hub's API with the cookies of the login; throws for an answer of 400 and above. */
  async api(path: string, options: RequestOptions = {}): Promise<Answer> {
    const full = this.path(`hub/api/${path}`);
    const xsrf = this.client.cookies.value("_xsrf", this.path("hub/")) ?? "";
    const headers = { "X-XSRFToken": xsrf, Accept: "application/json", ...options.headers };
    const answer = await this.client.request(full, { ...options, headers });
    return expectOk(answer, `${options.method ?? "GET"} ${full}`);
  }

  /** A token with the user's rights, made by the hub once. */
  async token(): Promise<string> {
    if (this.#token === null) {
      const body = { note: "test", expires_in: 3600 };
      const answer = await this.api(`users/${this.#escaped}/tokens`, { method: "POST", body });
      this.#token = (JSON.parse(answer.body) as { token: string }).token;
    }
    return this.#token;
  }

  /** A request to the user's own server, with a token. */
  async #asOwner(path: string, options: RequestOptions = {}): Promise<Answer> {
    const headers = { Authorization: `token ${await this.token()}`, ...options.headers };
    return this.client.request(this.path(path), { ...options, headers });
  }

  /** What the hub knows of the user. */
  async #known(): Promise<{ readonly server: string | null; readonly pending: string | null }> {
    const { body } = await this.api(`users/${this.#escaped}`);
    return JSON.parse(body) as { server: string | null; pending: string | null };
  }

  /** Has the user's server running and waits until it is ready; throws with the hub's reason. */
  async startServer(): Promise<void> {
    if ((await this.#known()).server !== null) return;
    await this.api(`users/${this.#escaped}/server`, { method: "POST" });
    // The stream of events ends when the server is ready or has failed.
    const progress = await this.api(`users/${this.#escaped}/server/progress`);
    const events = progress.body.split("\n").filter((line) => line.startsWith("data:"));
    const last = JSON.parse(events.at(-1)?.slice(5) ?? "{}") as { ready?: boolean };
    if (!last.ready)
      throw new Error(`the server of ${this.username} did not start: ${progress.body}`);
  }

  /** Stops the user's server and waits until the hub has let it go. */
  async stopServer(): Promise<void> {
    await this.api(`users/${this.#escaped}/server`, { method: "DELETE" });
    await eventually(`the server of ${this.username} is stopped`, async () => {
      const { server, pending } = await this.#known();
      return server === null && pending === null;
    });
  }

  /** Starts a kernel on the user's running server. */
  async openKernel(name = "python3"): Promise<Kernel> {
    const kernels = `user/${this.#escaped}/api/kernels`;
    const made = await this.#asOwner(kernels, { method: "POST", body: { name } });
    expectOk(made, `a kernel of ${this.username}`);
    const { id } = JSON.parse(made.body) as { id: string };
    const origin = this.client.origin.replace(/^http/, "ws");
    const url = `${origin}${this.path(`${kernels}/${id}/channels`)}`;
    // A server that was stopped meanwhile has ended its kernels: no answer is an error.
    return Kernel.open(url, await this.token(), () =>
      this.#asOwner(`${kernels}/${id}`, { method: "DELETE" }),
    );
  }

  /** Runs code in a new kernel and gives back what it printed; throws with its traceback. */
  async runInKernel(code: string): Promise<string> {
    await using kernel = await this.openKernel();
    const { stdout, error } = await kernel.run(code);
    if (error !== null) throw new Error(`the code failed:\n${error}`);
    return stdout;
  }
}
