import { expect, ready, signIn, test } from "../fixtures";
import { CandidatePage } from "../pages/candidate";
import { CandidatesPage } from "../pages/candidates";
import { lever, unique, vendor } from "../pages/sandbox";

test.beforeEach(async ({ page }) => {
  await signIn(page, "rita");
});

test.afterEach(async () => {
  await vendor.mend();
});

test("from the trigger stage to the result in Lever, by itself", async ({ page }) => {
  test.slow();
  const candidate = new CandidatePage(page);
  const name = unique("Passing Person ");
  const email = `${unique("main")}+pass@example.com`;
  const { id } = await lever.pass({ name, email });

  await candidate.find(name);
  await expect(candidate.answer).toContainText("Invited to Backend screen: it is the default of this stage.");
  await candidate.until("Pass");
  await expect(candidate.orders).toHaveCount(1);
  await expect(candidate.orders.getByRole("heading")).toHaveText("Py · Backend screen");
  await expect(candidate.pill("Completed")).toBeVisible();
  await expect(candidate.orders.locator(".figure")).toHaveText("92");
  await expect(candidate.timeline.filter({ hasText: "The vendor confirmed the invitation" })).toHaveCount(1);
  await expect(candidate.timeline.filter({ hasText: "92 is at or above the pass threshold of 80" })).toHaveCount(1);

  const report = (await candidate.report.getAttribute("href")) ?? "";
  await expect.poll(async () => (await lever.read(id)).tags, { timeout: 15_000 }).toEqual(["Py - Pass"]);
  const link = new URL(report, page.url()).href;
  await expect.poll(async () => (await lever.read(id)).links, { timeout: 15_000 }).toEqual([link]);
  await page.goto(lever.page(id));
  await expect(page.getByText("Py - Pass", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: link }).click();
  await expect(page).toHaveURL(new RegExp(`^${vendor.base}/results/`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Result: Backend screen");
  await expect(page.getByRole("main")).toContainText(name);

  await candidate.open(id);
  await expect(candidate.timeline.filter({ hasText: "The report was opened." })).toHaveCount(1);
});

test("an invitation waits for the person, then shows the judgement", async ({ page }) => {
  const candidate = new CandidatePage(page);
  const name = unique("Slow Person ");
  const email = `${unique("slow")}@example.com`;
  const { id } = await lever.pass({ name, email });
  await vendor.invitation(email);
  await candidate.find(name);
  await candidate.until("Invited");
  await expect(candidate.report).toHaveCount(0);
  await expect.poll(async () => (await lever.read(id)).tags, { timeout: 15_000 }).toEqual(["Py - Sent"]);

  await vendor.complete(email, 40);
  await candidate.until("Fail");
  await expect(candidate.orders.locator(".figure")).toHaveText("40");
  await expect.poll(async () => (await lever.read(id)).tags, { timeout: 15_000 }).toEqual(["Py - Fail"]);

  await candidate.report.click();
  await expect(page).toHaveURL(new RegExp(`^${vendor.base}/results/`));
});

test("why nothing was sent is said in one sentence, with what to do", async ({ page }) => {
  const candidate = new CandidatePage(page);
  await candidate.find("Farid Haddad");
  await expect(candidate.answer).toContainText(
    "Not invited: several tests tagged (Data screen, SQL basics). Leave one of these tags.",
  );
  await expect(page.getByText("Nothing was ordered")).toBeVisible();
  await expect(candidate.orders).toHaveCount(0);
});

test("a tag that nearly names a test is pointed out", async ({ page }) => {
  const candidate = new CandidatePage(page);
  await candidate.find("Emi Tanaka");
  await expect(candidate.answer).toContainText('The tag "backend screen" is not the test "Backend screen"');
});

/** Someone whose invitation went out while its answer was lost. */
async function unclear(candidate: CandidatePage, word: string): Promise<{ id: string; email: string }> {
  const name = unique(`${word} Person `);
  const email = `${unique(word)}@example.com`;
  await nothingOnItsWay(candidate);
  await vendor.loseNextAnswer();
  const { id } = await lever.pass({ name, email });
  await candidate.find(name);
  await candidate.until("Unclear whether it arrived");
  await vendor.mend();
  return { id, email };
}

/** Otherwise someone else's send meets the fault. */
async function nothingOnItsWay({ page }: CandidatePage): Promise<void> {
  const list = new CandidatesPage(page);
  for (const state of ["planned", "sending"]) {
    await expect(async () => {
      await list.open({ state });
      await expect(page.getByText("No candidate matches these filters")).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 20_000 });
  }
}

test("a send whose outcome is unknown is sent again only when a person says so", async ({ page }) => {
  const candidate = new CandidatePage(page);
  const { id, email } = await unclear(candidate, "Again");
  await expect(candidate.answer).toContainText("It is not known whether the invitation arrived; answer below.");
  await expect(candidate.arrived).toBeVisible();
  expect(await vendor.invitations(email)).toHaveLength(1);
  expect((await lever.read(id)).tags).toEqual([]);

  await ready(page);
  await candidate.sendAgain.click();
  await expect(candidate.sendAgain).toHaveCount(0);
  await expect(candidate.timeline.filter({ hasText: "rita@acme.example found that the invitation had not arrived" })).toHaveCount(1);
  await candidate.until("Invited");
  expect(await vendor.invitations(email)).toHaveLength(2);
  await expect.poll(async () => (await lever.read(id)).tags, { timeout: 15_000 }).toEqual(["Py - Sent"]);
});

test("a send that is said to have arrived is followed under the vendor's id", async ({ page }) => {
  const candidate = new CandidatePage(page);
  const { email } = await unclear(candidate, "Arrived");
  const { partner_interview_id: interview } = await vendor.invitation(email);
  await ready(page);
  await candidate.vendorRef.fill(interview);
  await candidate.arrived.click();
  await expect(candidate.pill("Invited")).toBeVisible();
  await expect(candidate.arrived).toHaveCount(0);
  await vendor.complete(email, 81.5);
  await candidate.until("Pass");
  await expect(candidate.orders.locator(".figure")).toHaveText("81.5");
});

test("the two answers are only for those who may give them", async ({ page }) => {
  const candidate = new CandidatePage(page);
  const { id } = await unclear(candidate, "Watched");
  await signIn(page, "mona");
  await candidate.open(id);
  await expect(candidate.pill("Unclear whether it arrived")).toBeVisible();
  await expect(candidate.sendAgain).toHaveCount(0);
  await signIn(page, "rita");
  await candidate.open(id);
  await candidate.arrived.click();
  await expect(candidate.arrived).toHaveCount(0);
});

test("an address without a candidate says so and keeps the navigation", async ({ page, trouble }) => {
  trouble.allow(/404/);
  await new CandidatePage(page).open("not-there");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not found");
  await expect(page.getByRole("link", { name: "Candidates" })).toBeVisible();
});

test("what the vendor refused is sent again when a person says so", async ({ page }) => {
  const candidate = new CandidatePage(page);
  const name = unique("Refused Person ");
  const email = `${unique("refused")}@example.com`;
  await nothingOnItsWay(candidate);
  await vendor.refuseNextSend();
  await lever.pass({ name, email });
  await candidate.find(name);
  await candidate.until("Refused by the vendor");
  await vendor.mend();
  await expect(candidate.page.getByRole("heading", { name: "What became of the invitation?" })).toBeVisible();
  await candidate.sendAnew.click();
  const dialog = page.getByRole("dialog", { name: "Send the invitation to Backend screen again?" });
  await dialog.getByRole("button", { name: "Send the invitation" }).click();
  await expect(candidate.said).toContainText("Ordered once more");
  await candidate.until("Invited");
  await expect(candidate.orders).toHaveCount(2);
  await expect(candidate.sendAnew).toHaveCount(0);
  expect(await vendor.invitations(email)).toHaveLength(1);
  await expect(candidate.timeline.filter({ hasText: "sent again after the vendor had refused it" })).toHaveCount(1);
});

test("the rules are applied again on demand", async ({ page }) => {
  const candidate = new CandidatePage(page);
  const name = unique("Applied Person ");
  await lever.pass({ name, email: `${unique("applied")}@example.com`, tags: ["Data screen", "SQL basics"] });
  await candidate.find(name);
  await candidate.applyRules.click();
  await expect(candidate.said).toContainText("The candidate is read in Lever again now.");
  await expect(candidate.timeline.filter({ hasText: "rita@acme.example had the candidate read in Lever again" })).toHaveCount(1);
});
