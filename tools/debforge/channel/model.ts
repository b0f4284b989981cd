/** What a package of the channel is made of, before it is written. */

/** conda-build's habit: 255 characters, so that any real prefix fits in its place. */
export const PLACEHOLDER = `/opt/forge/_h_env_${"placehold_".repeat(30)}`.slice(0, 255);

/** Seconds since 1970 that every archived file carries, so that two builds are alike. */
export const MTIME = 1_760_000_000;

export type FileMode = "text" | "binary";

export interface PackageFile {
  /** Where it will be below the prefix, also in noarch packages. */
  readonly path: string;
  readonly mode: number;
  readonly data: Buffer;
  /** Set on symbolic links, relative to the link's folder. */
  readonly target?: string;
  /** How the placeholder stands in the data, where it does. */
  readonly placeholder?: FileMode;
}

export interface Recipe {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly buildNumber: number;
  readonly kind: "linux-64" | "noarch-python" | "noarch-generic";
  readonly depends: readonly string[];
  readonly constrains?: readonly string[];
  readonly files: readonly PackageFile[];
  /** `"name = module:function"`, for noarch Python packages. */
  readonly entryPoints: readonly string[];
  readonly summary: string;
  readonly home: string;
  readonly licenseText?: Buffer;
  readonly format: "conda" | "tar.bz2";
  /** More fields of `info/index.json`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}
