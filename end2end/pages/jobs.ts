import type { Locator, Page } from "@playwright/test";

/** The jobs by state. */
export class JobsPage {
  readonly kind: Locator;
  readonly submit: Locator;
  readonly tabs: Locator;
  readonly rows: Locator;
  readonly said: Locator;

  constructor(readonly page: Page) {
    const form = page.getByRole("search");
    this.kind = form.getByLabel("What it does");
    this.submit = form.getByRole("button", { name: "Filter" });
    this.tabs = page.getByRole("navigation", { name: "Jobs by state" }).getByRole("link");
    this.rows = page.locator("main tbody tr");
    this.said = page.locator("main .toast");
  }

  async open(query: Record<string, string> = {}): Promise<void> {
    const parameters = new URLSearchParams(query).toString();
    await this.page.goto(parameters ? `/o/acme/jobs?${parameters}` : "/o/acme/jobs");
  }

  tab(word: string): Locator {
    return this.tabs.filter({ hasText: new RegExp(`^${word}`) });
  }

  /** The row about a person. */
  about(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }
}
