import type { Locator, Page } from "@playwright/test";

/** The list of candidates. */
export class CandidatesPage {
  readonly search: Locator;
  readonly state: Locator;
  readonly outcome: Locator;
  readonly stage: Locator;
  readonly waiting: Locator;
  readonly submit: Locator;
  readonly chips: Locator;
  readonly clear: Locator;
  readonly csv: Locator;
  readonly pager: Locator;
  readonly rows: Locator;

  constructor(readonly page: Page) {
    const form = page.getByRole("search");
    this.search = form.getByLabel("Name or e-mail");
    this.state = form.getByLabel("State", { exact: true });
    this.outcome = form.getByLabel("Outcome", { exact: true });
    this.stage = form.getByLabel("Stage", { exact: true });
    this.waiting = form.getByLabel("Waiting");
    this.submit = form.getByRole("button", { name: "Filter" });
    this.chips = form.getByRole("list", { name: "Filters that are set" }).locator(".chip");
    this.clear = form.getByRole("link", { name: "Clear all" });
    this.csv = page.getByRole("link", { name: "Download CSV" });
    this.pager = page.getByRole("navigation", { name: "Pages" });
    // A message in place of rows is none.
    this.rows = page.locator("main tbody tr").filter({ has: page.getByRole("rowheader") });
  }

  async open(query: Record<string, string> = {}): Promise<void> {
    const parameters = new URLSearchParams(query).toString();
    await this.page.goto(parameters ? `/o/acme/candidates?${parameters}` : "/o/acme/candidates");
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.page.getByRole("rowheader", { name }) });
  }

  link(name: string): Locator {
    return this.rows.getByRole("link", { name, exact: true });
  }

  /** Takes one filter away by its chip. */
  async remove(label: string): Promise<void> {
    await this.chips.getByRole("link", { name: `Remove the filter ${label}:` }).click();
  }

  /** The query of the address. */
  query(): Record<string, string> {
    return Object.fromEntries(new URL(this.page.url()).searchParams);
  }
}
