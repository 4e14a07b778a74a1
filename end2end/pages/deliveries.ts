import { expect, type Locator, type Page } from "@playwright/test";

/** The list of deliveries. */
export class DeliveriesPage {
  readonly event: Locator;
  readonly opportunity: Locator;
  readonly status: Locator;
  readonly submit: Locator;
  readonly chips: Locator;
  readonly clear: Locator;
  readonly rows: Locator;
  readonly needsLook: Locator;

  constructor(readonly page: Page) {
    const form = page.getByRole("search");
    this.event = form.getByRole("searchbox");
    this.opportunity = form.getByLabel("Opportunity", { exact: true });
    this.status = form.getByLabel("Status", { exact: true });
    this.submit = form.getByRole("button", { name: "Filter" });
    this.chips = form.getByRole("list", { name: "Filters that are set" }).getByRole("listitem");
    this.clear = form.getByRole("link", { name: "Clear all" });
    this.rows = page.locator("main tbody tr");
    this.needsLook = page.getByRole("navigation", { name: "Which deliveries" }).getByRole("link", { name: "Needs a look" });
  }

  async open(query: Record<string, string> = {}): Promise<void> {
    const parameters = new URLSearchParams(query).toString();
    await this.page.goto(parameters ? `/o/acme/deliveries?${parameters}` : "/o/acme/deliveries");
  }

  /** The query of the address, without what is empty. */
  query(): Record<string, string> {
    const pairs = [...new URL(this.page.url()).searchParams].filter(([, value]) => value !== "");
    return Object.fromEntries(pairs);
  }

  /** Opens the only delivery about an opportunity, once it is handled. */
  async find(opportunity: string): Promise<void> {
    const row = this.rows.filter({ hasText: "Handled" });
    await expect(async () => {
      await this.open({ opportunity, event: "candidateStageChange" });
      await expect(row).toHaveCount(1, { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await row.getByRole("rowheader").getByRole("link").click();
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("candidateStageChange");
  }
}

/** The page of one delivery. */
export class DeliveryPage {
  readonly overview: Locator;
  readonly payload: Locator;
  readonly replay: Locator;
  readonly said: Locator;

  constructor(readonly page: Page) {
    this.overview = page.getByRole("region", { name: "What came of it" });
    this.payload = page.getByRole("region", { name: "Payload", exact: true });
    this.replay = page.getByRole("button", { name: "Replay" });
    this.said = page.locator("main .toast");
  }
}
