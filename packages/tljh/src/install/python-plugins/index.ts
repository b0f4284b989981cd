export {
  type PythonChanges,
  type PythonWish,
  pythonChanges,
  pythonRequests,
} from "./changes.ts";
export { changePythonPlugins, type PythonEvents } from "./install.ts";
