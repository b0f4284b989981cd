import { CondaError } from "../errors.ts";
import type { CondaEventSink } from "../events.ts";
import { mirrorLeft } from "./messages.ts";
import { TransientError } from "./retry.ts";

/**
 * Where else the files of channels are, for one run. The mirrors of a channel come in their order and
 * before the channel itself; one that did not answer, or gave a wrong file, comes last from then on.
 */
export class Mirrors {
  readonly #places: readonly (readonly string[])[];
  readonly #left = new Set<string>();
  readonly #onEvent: CondaEventSink | undefined;

  /** Mirrors by channel; all are URLs without a slash at the end and without credentials. */
  constructor(table: ReadonlyMap<string, readonly string[]> = new Map(), onEvent?: CondaEventSink) {
    this.#places = [...table].map(([channel, mirrors]) => [
      ...new Set([...mirrors.filter((mirror) => mirror !== channel), channel]),
    ]);
    this.#onEvent = onEvent;
  }

  /** Every address of a channel's file, the one to ask first first. */
  addresses(url: string): readonly string[] {
    const places = this.#placesOf(url);
    const channel = places?.at(-1);
    if (places === undefined || channel === undefined) return [url];
    const rest = url.slice(channel.length);
    const inOrder = [
      ...places.filter((place) => !this.#left.has(place)),
      ...places.filter((place) => this.#left.has(place)),
    ];
    return inOrder.map((place) => place + rest);
  }

  /** Puts the place of an address last, and says so once. */
  leave(address: string, reason: unknown): void {
    const place = this.#places.flat().find((one) => isBelow(address, one));
    if (place === undefined || this.#left.has(place)) return;
    this.#left.add(place);
    this.#onEvent?.(mirrorLeft(place, reason));
  }

  /**
   * Does something at each address of a URL in turn, until one gives a result. `undefined` where one says
   * that it has none. Else what may pass is thrown, if there is such, or what the last one said.
   */
  async first<T>(url: string, action: (address: string) => Promise<T>): Promise<T> {
    const addresses = this.addresses(url);
    let none: { readonly result: T } | undefined;
    const failures: unknown[] = [];
    for (const address of addresses) {
      try {
        const result = await action(address);
        if (result !== undefined) return result;
        none = { result };
      } catch (error) {
        const mayPass = error instanceof TransientError;
        if (!mayPass && !(error instanceof CondaError)) throw error;
        failures.push(error);
        if (mayPass && addresses.length > 1) this.leave(address, error);
      }
    }
    if (none !== undefined) return none.result;
    throw failures.find((error) => error instanceof TransientError) ?? failures.at(-1);
  }

  #placesOf(url: string): readonly string[] | undefined {
    const found = this.#places.filter((places) => isBelow(url, places.at(-1) ?? ""));
    return found.sort((a, b) => (b.at(-1)?.length ?? 0) - (a.at(-1)?.length ?? 0))[0];
  }
}

function isBelow(url: string, place: string): boolean {
  return url === place || url.startsWith(`${place}/`);
}
