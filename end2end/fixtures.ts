import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

/** Everything a browser complained about while a test ran. */
export class Trouble {
  private readonly seen: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** Says that this test provokes complaints matching `pattern`, and means to. */
  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  /** The complaints that no call of `allow` covers. */
  unexpected(): string[] {
    return this.seen.filter((line) => !this.allowed.some((pattern) => pattern.test(line)));
  }

  /** Listens to all pages of a context, those opened later included. */
  async watch(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (event) => this.seen.push(`page error: ${event.error().message}`));
    context.on("response", (response) => {
      if (response.status() === 404 || response.status() >= 500) {
        this.seen.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
    // Chromium also reports violations on the console, but not those of report-only policies.
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP violation: ${event.effectiveDirective} blocked ${event.blockedURI || "inline code"}`);
      });
    });
  }
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails unless axe finds the page, as it is now, free of violations. Nothing is excluded. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")}`),
  );
  expect(found, "accessibility violations").toEqual([]);
}

/** People of the demo. */
export type Person = "sue" | "adam" | "rita" | "lim" | "mona" | "otto";

/** Signs someone of the demo in without showing the page for it. */
export async function signIn(page: Page, person: Person): Promise<void> {
  const home = person === "mona" || person === "otto" ? "assay" : "acme";
  const answer = await page.request.post("/demo/sign-in", {
    form: { email: `${person}@${home}.example`, next: "/" },
    maxRedirects: 0,
  });
  expect(answer.status(), "signing in").toBe(303);
}

/** Waits until the client code has taken over. */
export async function ready(page: Page): Promise<void> {
  await page.locator("html[data-live]").waitFor({ state: "attached" });
}

/** Playwright's `test`, which here also fails on any complaint of the browser. */
export const test = base.extend<{ trouble: Trouble }>({
  trouble: [
    async ({ context }, use) => {
      const trouble = new Trouble();
      await trouble.watch(context);
      await use(trouble);
      expect(trouble.unexpected(), "complaints of the browser").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
