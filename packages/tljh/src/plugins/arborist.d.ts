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

  export interface IdealNode {
    readonly version: string;
    readonly integrity: string | null;
    readonly resolved: string | null;
    readonly isRegistryDependency: boolean;
  }

  export default class Arborist {
    constructor(options: ArboristOptions);
    /** Resolves once `node_modules`, `package.json` and `package-lock.json` are on disk. */
    reify(options?: ReifyOptions): Promise<unknown>;
    /** What `reify` would make of `node_modules`. */
    buildIdealTree(
      options?: ReifyOptions,
    ): Promise<{ readonly children: ReadonlyMap<string, IdealNode> }>;
    /** The dependencies that the last of both was asked to add or remove. */
    readonly explicitRequests: ReadonlySet<{ readonly name: string }>;
  }
}
