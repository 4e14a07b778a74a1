import { expect, type Browser, type Page } from "@playwright/test";
import { ready } from "../fixtures";
import type { LeverConnection, VendorConnection } from "./connections";
import { Sandbox, Server } from "./server";

export const PASSWORD = "several words are easy";

/** An empty database between a sandbox Lever and sandbox vendors. */
export class FirstDay {
  readonly server = new Server();
  readonly lever = new Sandbox<LeverConnection>("lever", this.server.port + 1);
  readonly vendors = new Sandbox<VendorConnection>("vendors", this.server.port + 2);

  async start(): Promise<void> {
    await Promise.all([this.server.start(), this.lever.start(), this.vendors.start()]);
  }

  async end(page: Page): Promise<void> {
    // An open page would miss its server.
    await page.goto("about:blank");
    [this.lever, this.vendors].forEach((remote) => remote.stop());
    await this.server.remove();
  }

  /** The owner sets the instance up and creates Acme; the page is then that of its people. */
  async own(page: Page): Promise<void> {
    await page.goto(this.server.setUp);
    await page.getByLabel("E-mail").fill("otto@example.org");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Instance");
    await ready(page);
    await page.getByRole("button", { name: "Check the address" }).click();
    await expect(page.getByText("The address leads to this server.")).toBeVisible();
    await page.getByLabel("Name", { exact: true }).fill("Acme");
    await page.getByRole("button", { name: "Create the organization" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("People");
  }

  /** Invites someone on the page of people that is open; returns the link. */
  async invite(page: Page, email: string, role: string): Promise<string> {
    await page.getByLabel("E-mail").fill(email);
    await page.locator("#invite-role").selectOption({ label: role });
    await page.getByRole("button", { name: "Invite" }).click();
    const line = page.getByRole("listitem").filter({ hasText: email });
    return line.getByLabel("Invitation", { exact: true }).inputValue();
  }

  /** Someone comes in by a link, in a browser of their own. */
  async join(browser: Browser, link: string): Promise<Page> {
    const context = await browser.newContext({ baseURL: this.server.address });
    const page = await context.newPage();
    await page.goto(link);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await ready(page);
    return page;
  }
}
