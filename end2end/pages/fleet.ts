import type { Locator, Page } from "@playwright/test";

/** The list of organizations. */
export class FleetPage {
  readonly rows: Locator;
  readonly search: Locator;
  readonly submit: Locator;
  readonly states: Locator;
  readonly file: Locator;

  constructor(readonly page: Page) {
    this.rows = page.locator("main tbody tr:not(.table-message)");
    this.search = page.getByRole("searchbox", { name: "Name or address of an organization" });
    this.submit = page.getByRole("button", { name: "Filter", exact: true });
    this.states = page.getByRole("navigation", { name: "States" });
    this.file = page.getByRole("link", { name: "Download CSV" });
  }

  async open(query: Record<string, string> = {}): Promise<void> {
    const asked = new URLSearchParams(query).toString();
    await this.page.goto(asked === "" ? "/" : `/?${asked}`);
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.page.getByRole("rowheader").getByRole("link", { name, exact: true }) });
  }

  state(word: string): Locator {
    return this.states.getByRole("link", { name: new RegExp(`^${word}`) });
  }
}
