import type { Locator, Page } from "@playwright/test";

/** The list of candidates. */
export class CandidatesPage {
  readonly search: Locator;
  readonly state: Locator;
  readonly outcome: Locator;
  readonly submit: Locator;
  readonly clear: Locator;
  readonly rows: Locator;

  constructor(readonly page: Page) {
    const form = page.getByRole("search");
    this.search = form.getByLabel("Name or e-mail");
    this.state = form.getByLabel("State");
    this.outcome = form.getByLabel("Outcome");
    this.submit = form.getByRole("button", { name: "Filter" });
    this.clear = form.getByRole("link", { name: "Clear" });
    this.rows = page.locator("main tbody tr");
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

  /** The query of the address, without what is empty. */
  query(): Record<string, string> {
    const pairs = [...new URL(this.page.url()).searchParams].filter(([, value]) => value !== "");
    return Object.fromEntries(pairs);
  }
}
