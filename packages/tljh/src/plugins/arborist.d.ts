/** What is used here of npm's own installer, which ships without types. */
declare module "@npmcli/arborist" {
  export interface ArboristOptions {
    readonly path: string;
    readonly [option: string]: unknown;
  }

  export interface ReifyOptions {
    readonly add?: readonly string[];
    readonly rm?: readonly string[];
    readonly [option: string]: unknown;
  }

  export default class Arborist {
    constructor(options: ArboristOptions);
    /** Resolves once `node_modules`, `package.json` and `package-lock.json` are on disk. */
    reify(options?: ReifyOptions): Promise<unknown>;
    /** The dependencies that the last `reify` was asked to add or remove. */
    readonly explicitRequests: ReadonlySet<{ readonly name: string }>;
  }
}
