import { isPart } from "../system/paths.ts";
import { TljhError } from "./error.ts";

export function environmentMissing(environment: string, prefix: string): TljhError {
  return new TljhError("ENVIRONMENT_MISSING", {
    message: `There is no ${environment} environment at ${prefix}`,
    remedy: isPart(environment)
      ? "Install first: sudo tljh install"
      : `Make it first: sudo tljh env create ${environment} --file FILE`,
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

/** `tljh env create` makes new ones only. */
export function environmentExists(environment: string, prefix: string): TljhError {
  return new TljhError("ENVIRONMENT_EXISTS", {
    message: `There is an environment ${environment} already, at ${prefix}`,
    remedy: `Give another name, or change it: sudo tljh env update --environment ${environment} --file FILE`,
  });
}

/** Lists of packages have no name, and an environment.yml may have none. */
export function environmentUnnamed(file: string): TljhError {
  return new TljhError("ENVIRONMENT_UNNAMED", {
    message: `${file} gives the new environment no name`,
    remedy: `Give it one: sudo tljh env create NAME --file ${file}`,
  });
}

/** The hub and the users depend on these. */
export function environmentNeeded(environment: string): TljhError {
  return new TljhError("ENVIRONMENT_NEEDED", {
    message: `The ${environment} environment is part of the server and cannot be removed`,
    remedy: "Name one that was made with tljh env create.",
  });
}
