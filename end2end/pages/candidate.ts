import { expect, type Locator, type Page } from "@playwright/test";

import { CandidatesPage } from "./candidates";

/** The page of one candidate. */
export class CandidatePage {
  readonly answer: Locator;
  readonly orders: Locator;
  readonly timeline: Locator;
  readonly report: Locator;
  readonly vendorRef: Locator;
  readonly arrived: Locator;
  readonly sendAgain: Locator;
  readonly sendAnew: Locator;
  readonly applyRules: Locator;
  readonly said: Locator;

  constructor(readonly page: Page) {
    this.answer = page.locator("main .answer");
    this.orders = page.getByRole("article");
    this.timeline = page.getByRole("region", { name: "Timeline" }).getByRole("listitem");
    this.report = this.orders.getByRole("link", { name: "Report" });
    this.vendorRef = page.getByLabel("The vendor's id, if it shows one");
    this.arrived = page.getByRole("button", { name: "It arrived" });
    this.sendAgain = page.getByRole("button", { name: "Send again" });
    this.sendAnew = page.getByRole("button", { name: "Send the invitation again" });
    this.applyRules = page.getByRole("button", { name: "Apply rules again" });
    this.said = page.getByRole("main").getByRole("status").locator(".banner");
  }

  async open(opportunity: string): Promise<void> {
    await this.page.goto(`/o/acme/candidates/${opportunity}`);
  }

  /** Waits in the list until the person is there, as someone would, and opens the person's page. */
  async find(name: string): Promise<void> {
    const list = new CandidatesPage(this.page);
    await expect(async () => {
      await list.open({ search: name });
      await expect(list.link(name)).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await list.link(name).click();
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
  }

  /** A word in a pill on an order. */
  pill(word: string): Locator {
    return this.orders.locator(".pill").filter({ hasText: new RegExp(`^${word}$`) });
  }

  /** Loads the page again until an order shows this word in a pill. */
  async until(word: string): Promise<void> {
    await expect(async () => {
      await this.page.reload();
      await expect(this.pill(word)).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 25_000 });
  }
}
