import { TljhError } from "./error.ts";

export function environmentMissing(environment: string, prefix: string): TljhError {
  return new TljhError("ENVIRONMENT_MISSING", {
    message: `There is no ${environment} environment at ${prefix}`,
    remedy: "Install first: sudo tljh install",
  });
}

/** Files that packages brought are gone or hold something else. Settings below etc/ do not count. */
export function environmentDamaged(
  environment: string,
  count: number,
  some: readonly string[],
): TljhError {
  return new TljhError("ENVIRONMENT_DAMAGED", {
    message: `${count} files of the ${environment} environment are not what their packages say:\n${some.join("\n")}`,
    remedy: `Put their packages in place anew: sudo tljh env verify --repair --environment ${environment}`,
  });
}

/** What pip installed can be brought back by pip alone. */
export function pipPackagesDamaged(environment: string, packages: readonly string[]): TljhError {
  return new TljhError("ENVIRONMENT_PIP_DAMAGED", {
    message: `Files of these packages, which pip installed in the ${environment} environment, are missing or changed: ${packages.join(", ")}`,
    remedy: `Have pip install them again: sudo -E pip install --force-reinstall --no-deps ${packages.join(" ")}`,
  });
}
