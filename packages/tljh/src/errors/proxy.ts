import { TljhError } from "./error.ts";

export function proxyConfigUnreadable(file: string, problem: string, cause?: unknown): TljhError {
  return new TljhError("PROXY_CONFIG_UNREADABLE", {
    message: `The proxy's configuration ${file} cannot be used: ${problem}`,
    remedy: "Write it anew: sudo tljh-config reload proxy",
    cause,
  });
}

export function proxyPortTaken(port: number, holder: string | null): TljhError {
  const by = holder === null ? "another program" : holder;
  return new TljhError("PROXY_PORT_TAKEN", {
    message: `Port ${port} is taken by ${by}`,
    remedy:
      holder === null
        ? `Find the program (sudo ss -ltnp 'sport = :${port}') and stop it, or choose another port: sudo tljh-config set http.port 8080`
        : "Stop that program (sudo systemctl disable --now …), or choose another port: sudo tljh-config set http.port 8080",
  });
}

export function proxyPortForbidden(port: number, cause: unknown): TljhError {
  return new TljhError("PROXY_PORT_FORBIDDEN", {
    message: `This process may not listen on port ${port}`,
    remedy: "Start it as a service: sudo systemctl restart tljh-proxy",
    cause,
  });
}

export function proxyAddressUnknown(address: string, port: number, cause: unknown): TljhError {
  return new TljhError("PROXY_ADDRESS_UNKNOWN", {
    message: `${address} is not an address of this server, so nothing can listen on ${address}:${port}`,
    remedy:
      "Look up the server's addresses (ip address), then: sudo tljh-config set http.address ADDRESS, or https.address; without one it listens on all: sudo tljh-config unset http.address",
    cause,
  });
}

export function proxyListenFailed(address: string, port: number, cause: Error): TljhError {
  return new TljhError("PROXY_LISTEN_FAILED", {
    message: `Nothing can listen on ${address || "all addresses"}, port ${port}: ${cause.message}`,
    remedy: "Look at http and https in the configuration: sudo tljh-config show",
    cause,
  });
}

export function tlsFileUnreadable(kind: "key" | "cert", file: string, cause: unknown): TljhError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new TljhError("PROXY_TLS_UNREADABLE", {
    message: `The file of https.tls.${kind}, ${file}, cannot be read: ${problem}`,
    remedy: `Name a file that is there: sudo tljh-config set https.tls.${kind} /path/to/file`,
    cause,
  });
}

export function tlsInvalid(key: string, cert: string, cause: Error): TljhError {
  return new TljhError("PROXY_TLS_INVALID", {
    message: `https cannot be served with the key ${key} and the certificate ${cert}: ${cause.message}`,
    remedy:
      "Both must be PEM files, the key without a passphrase, and made for one another; the certificate's file holds the whole chain, the server's own first.",
    cause,
  });
}
