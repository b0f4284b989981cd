export { connectLines, LinesClient } from "./client.ts";
export { RpcError } from "./error.ts";
export { LineSplitter } from "./lines.ts";
export { type RpcMethod, type RpcMethods, serveLines } from "./server.ts";
