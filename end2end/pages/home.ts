import type { Locator, Page } from "@playwright/test";

/** Words of the funnel, from the first step to the last. */
export const STEPS = ["Invited", "Started", "Completed", "Written to Lever"] as const;

/** The home of an organization. */
export class HomePage {
  readonly health: Locator;
  readonly waiting: Locator;
  readonly steps: Locator;
  readonly decisions: Locator;
  readonly results: Locator;
  readonly deliveries: Locator;

  constructor(readonly page: Page) {
    this.health = page.locator("main .banner").first();
    this.waiting = page.getByRole("region", { name: "Needs someone" }).getByRole("listitem");
    this.steps = page.getByRole("region", { name: "Orders of the last 30 days" }).getByRole("listitem");
    this.decisions = page.getByRole("region", { name: "Recent decisions" }).getByRole("listitem");
    this.results = page.getByRole("region", { name: "Results by day" });
    this.deliveries = page.getByRole("region", { name: "Deliveries of the last 24 hours" });
  }

  async open(): Promise<void> {
    await this.page.goto("/o/acme");
  }

  /** The numbers of the funnel, in its order. */
  async funnel(): Promise<number[]> {
    const numbers = await this.steps.locator(".funnel-number").allTextContents();
    return numbers.map(Number);
  }
}
