// What Lighthouse makes of the pages that people see most: `cargo xtask bench` starts it on the demo of the release build.
// Usage: node lighthouse.mjs ADDRESS. Prints a line of JSON for each page.
import { chromium } from "@playwright/test";
import lighthouse, { desktopConfig } from "lighthouse";

const address = process.argv[2];
const port = Number(process.env.LIGHTHOUSE_PORT ?? "9333");
const pages = [
  ["sign-in", null, "/sign-in"],
  ["home", "rita@acme.example", "/o/acme"],
  ["candidates", "rita@acme.example", "/o/acme/candidates"],
  ["trigger stages", "sue@acme.example", "/o/acme/triggers"],
];
const flags = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", `--remote-debugging-port=${port}`,
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: flags });
try {
  for (const [name, person, path] of pages) {
    const extraHeaders = person === null ? {} : { Cookie: await session(person) };
    const options = { port, output: "json", logLevel: "error", extraHeaders, onlyCategories: ["performance", "accessibility", "best-practices"] };
    const { lhr } = await lighthouse(address + path, options, desktopConfig);
    if (lhr.runtimeError) {
      throw new Error(`${name} could not be measured: ${lhr.runtimeError.message}`);
    }
    const score = (of) => Math.round((lhr.categories[of].score ?? 0) * 100);
    const value = (of) => lhr.audits[of].numericValue ?? 0;
    const failed = Object.values(lhr.categories).flatMap((c) => c.auditRefs)
      .filter((ref) => ref.weight > 0 && (lhr.audits[ref.id].score ?? 1) < 0.9).map((ref) => ref.id);
    console.log(JSON.stringify({
      name, performance: score("performance"), accessibility: score("accessibility"), practices: score("best-practices"),
      lcp: value("largest-contentful-paint"), cls: value("cumulative-layout-shift"), tbt: value("total-blocking-time"),
      bytes: value("total-byte-weight"), failed: [...new Set(failed)],
    }));
  }
} finally {
  await browser.close();
}

/** A session of someone of the demo, as the header of a request. */
async function session(email) {
  const answer = await fetch(`${address}/demo/sign-in`, {
    method: "POST", redirect: "manual", body: new URLSearchParams({ email, next: "/" }),
  });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  if (cookies.length === 0) {
    throw new Error(`${email} could not sign in: ${answer.status}`);
  }
  return cookies.join("; ");
}
