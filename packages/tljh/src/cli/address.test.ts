import { expect, it } from "vitest";
import { parseConfig } from "../config/load.ts";
import { addressOf } from "./address.ts";

it.each([
  ["", "http://10.0.0.7/"],
  ["base_url: /class", "http://10.0.0.7/class/"],
  ["http: {port: 8080}", "http://10.0.0.7:8080/"],
  ["http: {address: 192.168.1.2}", "http://192.168.1.2/"],
  ["http: {address: 0.0.0.0}", "http://10.0.0.7/"],
  ["http: {address: 'fe80::1', port: 81}", "http://[fe80::1]:81/"],
  ["https: {enabled: true, tls: {key: /k, cert: /c}}", "https://10.0.0.7/"],
  [
    "https: {enabled: true, port: 8443, address: 10.1.1.1, tls: {key: /k, cert: /c}}",
    "https://10.1.1.1:8443/",
  ],
  [
    "https: {enabled: true, letsencrypt: {email: a@b, domains: [hub.example.com]}}",
    "https://hub.example.com/",
  ],
])("with %j the hub is at %s", (text, address) => {
  expect(addressOf(parseConfig(text).effective, "10.0.0.7")).toBe(address);
});
