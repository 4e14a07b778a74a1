import type { Locator, Page } from "@playwright/test";

/** The list of trigger stages. */
export class TriggersPage {
  readonly rows: Locator;
  readonly add: Locator;
  readonly undo: Locator;

  constructor(readonly page: Page) {
    this.rows = page.locator("main tbody tr");
    this.add = page.getByRole("link", { name: "Add a trigger stage" });
    this.undo = page.getByRole("button", { name: "Undo" });
  }

  async open(): Promise<void> {
    await this.page.goto("/o/acme/triggers");
  }

  row(stage: string): Locator {
    return this.rows.filter({ hasText: stage });
  }

  button(stage: string, name: string): Locator {
    return this.row(stage).getByRole("button", { name });
  }
}

/** The form of one row. */
export class TriggerPage {
  readonly stage: Locator;
  readonly vendor: Locator;
  readonly test: Locator;
  readonly pass: Locator;
  readonly fail: Locator;
  readonly cooldown: Locator;
  readonly postings: Locator;
  readonly find: Locator;
  readonly save: Locator;
  readonly counts: Locator;
  readonly outlook: Locator;
  readonly tryOut: Locator;
  readonly tried: Locator;

  constructor(readonly page: Page) {
    this.stage = page.getByRole("combobox", { name: "Stage in Lever" });
    this.vendor = page.getByLabel("Vendor");
    this.test = page.getByRole("combobox", { name: "Default test" });
    this.pass = page.getByLabel("Pass at or above");
    this.fail = page.getByLabel("Fail at or below");
    this.cooldown = page.getByLabel("The same test again after");
    this.postings = page.locator("#postings-list > label");
    this.find = page.getByLabel("Search: Postings");
    this.save = page.getByRole("button", { name: "Save" });
    this.counts = page.locator("main .count strong");
    this.outlook = page.locator("main figure.chart");
    this.tryOut = page.getByRole("button", { name: "Try on the last 90 days" });
    this.tried = page.getByRole("region", { name: "What this would have done" });
  }

  async open(row = "new"): Promise<void> {
    await this.page.goto(`/o/acme/triggers/${row}`);
  }

  /** Fail, review, pass. */
  async split(): Promise<number[]> {
    return (await this.counts.allTextContents()).map(Number);
  }

  /** Chooses from a searched list. */
  async choose(field: Locator, word: string): Promise<void> {
    await field.fill(word);
    await this.page.keyboard.press("Enter");
  }
}
