export { type CallOptions, connectLines, LinesClient, type LinesClientOptions } from "./client.ts";
export { RpcError } from "./error.ts";
export { encodeLine, LineSplitter, readLines } from "./lines.ts";
export type { RpcFailure, RpcRequest } from "./protocol.ts";
export { type RpcMethod, type RpcMethods, type ServeOptions, serveLines } from "./server.ts";
