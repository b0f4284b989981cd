import { RpcError } from "../rpc/error.ts";

// The wire (src/rpc)

export function rpcLineTooLong(limit: number): RpcError {
  return new RpcError("RPC_LINE_TOO_LONG", {
    message: `a message is longer than the ${limit} bytes that one line may have`,
    remedy: "Send less at once.",
  });
}

export function rpcLineInvalid(shown: string, cause?: unknown): RpcError {
  return new RpcError("RPC_LINE_INVALID", {
    message: `a message is not one JSON object on one line: ${shown}`,
    remedy:
      "Make sure that both sides are of the same version and that nothing else writes to the stream.",
    cause,
  });
}

export function rpcRequestInvalid(reason: string): RpcError {
  return new RpcError("RPC_REQUEST_INVALID", {
    message: `the request cannot be understood: ${reason}`,
    remedy: 'Send {"id": 1, "method": "ping", "params": {}}.',
  });
}

export function rpcMethodUnknown(method: string): RpcError {
  return new RpcError("RPC_METHOD_UNKNOWN", {
    message: `there is no method ${JSON.stringify(method.slice(0, 100))}`,
    remedy: "Make sure that both sides are of the same version: run the upgrade to its end.",
  });
}

export function rpcInternal(cause: unknown): RpcError {
  return new RpcError("RPC_INTERNAL", {
    message: `the request failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Look at the log of the service (journalctl -u tljhd) and report this.",
    cause,
  });
}

export function rpcTimeout(method: string, milliseconds: number): RpcError {
  return new RpcError("RPC_TIMEOUT", {
    message: `${method} was not answered within ${milliseconds} ms`,
    remedy: "Look at the log of the other side; try again when the server is less busy.",
  });
}

export function rpcClosed(cause?: unknown): RpcError {
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new RpcError("RPC_CLOSED", {
    message: `the connection was closed before the answer came${reason}`,
    remedy: "Look at the log of the other side for why it ended, then try again.",
    cause,
  });
}

export function rpcUnreachable(path: string, cause: Error): RpcError {
  return new RpcError("RPC_UNREACHABLE", {
    message: `nothing answers on ${path}: ${cause.message}`,
    remedy: "Start the service: systemctl start tljhd.socket tljhd.service",
    cause,
  });
}
