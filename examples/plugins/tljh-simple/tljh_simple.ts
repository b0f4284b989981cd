import { hookimpl } from "tljh/hooks";

/** Packages that a class on gridded data works with. */
export const tljh_extra_user_conda_packages = hookimpl(() => ["xarray", "dask", "tqdm"]);
