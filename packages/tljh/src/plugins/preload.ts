/** For `node --import`: a program of an author's, such as a test, that imports `tljh/hooks`. */

import { resolveOwnHooks } from "./resolve.ts";

resolveOwnHooks();
