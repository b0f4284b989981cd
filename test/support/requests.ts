import * as http from "node:http";
import * as https from "node:https";
import { CookieJar } from "./cookies.ts";

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form when it is URLSearchParams, as JSON when it is another object. */
  readonly body?: string | URLSearchParams | object;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** The address that gave the answer, after redirects. */
  readonly url: URL;
}

function encode(body: RequestOptions["body"]): { text: string; type: string | null } {
  if (body === undefined) return { text: "", type: null };
  if (typeof body === "string") return { text: body, type: "text/plain" };
  if (body instanceof URLSearchParams) {
    return { text: body.toString(), type: "application/x-www-form-urlencoded" };
  }
  return { text: JSON.stringify(body), type: "application/json" };
}

/**
 * A client with cookies, as a browser is one. It is no `fetch`, since that announces itself as a
 * script (`Sec-Fetch-Mode`), to which JupyterHub gives no XSRF cookie.
 */
export class Client {
  readonly origin: string;
  readonly cookies = new CookieJar();
  readonly #ca: string | undefined;

  /** `ca`: the certificate, as PEM, that an https address must go back to. */
  constructor(origin: string, options: { readonly ca?: string } = {}) {
    this.origin = new URL(origin).origin;
    this.#ca = options.ca;
  }

  /** One request; redirects are not followed. */
  async request(path: string, options: RequestOptions = {}): Promise<Answer> {
    const url = new URL(path, this.origin);
    const { text, type } = encode(options.body);
    const headers: Record<string, string> = { ...options.headers };
    const cookie = this.cookies.header(url.pathname);
    if (cookie !== "") headers.Cookie = cookie;
    if (type !== null) headers["Content-Type"] ??= type;
    if (text !== "") headers["Content-Length"] = String(Buffer.byteLength(text));
    return this.#send(url, { method: options.method ?? "GET", headers }, text);
  }

  #send(url: URL, options: http.RequestOptions, text: string): Promise<Answer> {
    const secure = this.#ca === undefined ? {} : { ca: this.#ca, servername: "localhost" };
    return new Promise((resolve, reject) => {
      const take = (response: http.IncomingMessage): void => {
        const chunks: Buffer[] = [];
        this.cookies.take(response.headers["set-cookie"] ?? []);
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: Buffer.concat(chunks).toString(), url });
        });
      };
      const all = { ...options, agent: false as const };
      const sent =
        url.protocol === "https:"
          ? https.request(url, { ...all, ...secure }, take)
          : http.request(url, all, take);
      sent.on("error", reject);
      sent.end(text);
    });
  }

  /** A request whose redirects are followed with GET, 20 at most. */
  async follow(path: string, options: RequestOptions = {}): Promise<Answer> {
    let answer = await this.request(path, options);
    for (let hops = 0; hops < 20 && answer.headers.location !== undefined; hops += 1) {
      answer = await this.request(new URL(answer.headers.location, answer.url).href);
    }
    return answer;
  }
}
