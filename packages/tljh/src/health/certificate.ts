import { X509Certificate } from "node:crypto";
import { proxyConfiguration } from "../hub/index.ts";
import { readTls } from "../proxy/tls.ts";
import type { Check } from "./check.ts";
import { ok } from "./check.ts";
import { clock } from "./time.ts";

const DAY = 86_400_000;
/** Days before its end from which on a certificate is warned of. */
const SOON = 14;

/** The certificate of HTTPS can be used, and for how long. */
export const certificate: Check = {
  id: "certificate",
  title: "Certificate",
  async look({ config, machine }) {
    const { https } = proxyConfiguration((await config()).effective);
    if (https === null) return [ok("HTTPS is off, so there is none to look at")];
    const { cert } = await readTls(https);
    const { validFromDate, validToDate } = new X509Certificate(cert);
    const now = machine.now().getTime();
    const remedy = `Put a new one in the place of ${https.cert} and ${https.key}, then: sudo tljh-config reload proxy`;
    if (validToDate.getTime() <= now)
      return [{ status: "error", message: `It ended on ${clock(validToDate)}`, remedy }];
    if (validFromDate.getTime() > now)
      return [
        { status: "error", message: `It counts only from ${clock(validFromDate)} on`, remedy },
      ];
    const days = Math.floor((validToDate.getTime() - now) / DAY);
    if (days < SOON)
      return [
        { status: "warning", message: `It ends on ${clock(validToDate)}, in ${days} days`, remedy },
      ];
    return [ok(`${https.cert} is good until ${clock(validToDate)}`)];
  },
};
