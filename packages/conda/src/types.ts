/**
 * Conda's own data, with conda's own field names, so that what is read from a channel or a package
 * can be written to `info/repodata_record.json` and `conda-meta/*.json` as conda itself would.
 */

/** Platforms this engine installs on. */
export type Platform = "linux-64" | "linux-aarch64";

/** Folders of a channel that are read: the platform's own and the one for every platform. */
export type Subdir = Platform | "noarch";

/** `true` is the oldest spelling and means "generic". */
export type NoArch = "python" | "generic" | true;

/** What repodata says of one package: a value of `packages` or `packages.conda` (CEP 37). */
export interface PackageRecord {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly build_number: number;
  readonly subdir: string;
  readonly depends: readonly string[];
  readonly constrains?: readonly string[];
  readonly md5?: string;
  readonly sha256?: string;
  /** Bytes of the archive. */
  readonly size?: number;
  readonly noarch?: NoArch;
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
  readonly license?: string;
  readonly license_family?: string;
  readonly features?: string;
  readonly track_features?: string | readonly string[];
  /** Only on interpreters: where site-packages is, below the prefix (CEP 17). */
  readonly python_site_packages_path?: string;
  readonly arch?: string | null;
  readonly platform?: string | null;
  readonly legacy_bz2_md5?: string;
  readonly legacy_bz2_size?: number;
}

/** A package record together with where its archive is. */
export interface RepodataRecord extends PackageRecord {
  /** The archive's file name, with `.conda` or `.tar.bz2`. */
  readonly fn: string;
  readonly url: string;
  /** The channel's URL with the subdir, without a slash at the end, as conda writes it. */
  readonly channel: string;
}

export type PathType = "hardlink" | "softlink" | "directory";

/** How a prefix is put in place of the placeholder. */
export type FileMode = "text" | "binary";

/** An entry of `info/paths.json`. */
export interface PathsEntry {
  /** Below the package's directory, with `/`. */
  readonly _path: string;
  readonly path_type: PathType;
  readonly sha256?: string;
  readonly size_in_bytes?: number;
  readonly prefix_placeholder?: string;
  readonly file_mode?: FileMode;
  readonly no_link?: boolean;
}

export interface PathsJson {
  readonly paths_version: 1;
  readonly paths: readonly PathsEntry[];
}

/** `info/link.json` of a noarch package. */
export interface LinkJson {
  readonly package_metadata_version: number;
  readonly noarch?: {
    readonly type: "python" | "generic";
    /** `"name = module:function"`. */
    readonly entry_points?: readonly string[];
  };
  readonly preferred_env?: unknown;
}

/** A complete package in the cache. */
export interface PackageArchive {
  readonly record: RepodataRecord;
  /** Absolute path of the unpacked package, which holds `info/`. */
  readonly directory: string;
  /** Absolute path of the archive it came from; the file may have been removed since. */
  readonly tarball: string;
  /** `info/paths.json`; made from `info/files`, `has_prefix` and `no_link` where a package has none. */
  readonly paths: PathsJson;
  /** `info/link.json`, where there is one. */
  readonly link?: LinkJson;
}

/** What `path_type` may be once a package is in a prefix. */
export type PrefixPathType = PathType | "pyc_file" | "unix_python_entry_point";

/** An entry of `paths_data.paths` in `conda-meta/*.json`. */
export interface PrefixPathsEntry {
  readonly _path: string;
  readonly path_type: PrefixPathType;
  readonly original_path?: string;
  readonly sha256?: string;
  readonly sha256_in_prefix?: string;
  readonly size_in_bytes?: number;
  readonly prefix_placeholder?: string;
  readonly file_mode?: FileMode;
  readonly no_link?: boolean;
}

/** conda's numbers for `link.type`. */
export const LINK_TYPES = { hardlink: 1, softlink: 2, copy: 3, directory: 4 } as const;
export type LinkType = (typeof LINK_TYPES)[keyof typeof LINK_TYPES];

/** A file of `conda-meta`: one installed package. */
export interface PrefixRecord extends RepodataRecord {
  readonly files: readonly string[];
  readonly paths_data: {
    readonly paths_version: 1;
    readonly paths: readonly PrefixPathsEntry[];
  };
  readonly link?: { readonly source: string; readonly type: LinkType };
  readonly extracted_package_dir?: string;
  readonly package_tarball_full_path?: string;
  /** The spec the admin asked for; conda writes the text `"None"` where nobody asked. */
  readonly requested_spec?: string;
  readonly requested_specs?: readonly string[];
}

/** A fact of the machine that packages may depend on, such as `__glibc 2.41` (CEP 30). */
export interface VirtualPackage {
  readonly name: string;
  readonly version: string;
  readonly build: string;
}
