import type { DebEntry } from "../debian/deb.ts";

const PATCHED = /\/setuptools\/command\/install_(lib|egg_info)\.py$/;
const OPTION =
  /self\.set_undefined_options\('install', ?\('(install_layout|prefix_option)', ?'\1'\)\)/g;

/**
 * Debian's setuptools asks for options that only Debian's own Python adds to distutils; in any
 * other environment it could build nothing.
 */
export function withoutDebianOptions(entry: DebEntry): DebEntry {
  if (entry.target !== undefined || !PATCHED.test(entry.path)) return entry;
  return { ...entry, data: Buffer.from(entry.data.toString().replace(OPTION, "pass")) };
}
