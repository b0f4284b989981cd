import type { Attributed } from "./types.ts";

/** Keeps which plugin gave which result of one call. */
export class Attribution {
  private given: Attributed<unknown>[] = [];

  add(plugin: string, value: unknown): void {
    this.given.push({ plugin, value });
  }

  /**
   * Takes note of what a wrapper of `plugin` has made of the result: what it has left there stays whose it was,
   * what it has put there is its own.
   */
  replace(plugin: string, result: unknown, firstresult: boolean): void {
    const left = [...this.given];
    const values: unknown[] = firstresult || !Array.isArray(result) ? [result] : result;
    this.given = values
      .filter((value) => value !== null && value !== undefined)
      .map((value) => {
        const at = left.findIndex((one) => Object.is(one.value, value));
        return left.splice(at, at === -1 ? 0 : 1)[0] ?? { plugin, value };
      });
  }

  list(): Attributed<unknown>[] {
    return this.given;
  }
}
