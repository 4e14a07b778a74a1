import { expect, ready, signIn, test } from "../fixtures";
import { Frame } from "../pages/frame";
import { HomePage } from "../pages/home";
import { lever, unique } from "../pages/sandbox";
import { SignInPage } from "../pages/sign-in";
import { TriggerPage } from "../pages/triggers";
import { CandidatePage } from "../pages/candidate";
import { Server } from "../pages/server";

test("a session that ended while one typed: after signing in, what was typed is back", async ({ page, context }) => {
  const [form, again] = [new TriggerPage(page), new SignInPage(page)];
  await signIn(page, "sue");
  await form.open();
  await ready(page);
  await form.choose(form.stage, "On-site");
  await form.cooldown.fill("45d");
  await form.postings.first().getByRole("checkbox").check();
  await context.clearCookies();
  await form.save.click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await again.role("Sue, super admin").click();
  await expect(page).toHaveURL("/o/acme/triggers/new");
  await expect(form.cooldown).toHaveValue("45d");
  await expect(form.postings.first().getByRole("checkbox")).toBeChecked();
  await expect(page.getByText("What you had typed is back in the form. It has not been sent.")).toBeVisible();
  await expect(page.locator("select[name='draft[stage]']")).not.toHaveValue("");
  // Only once.
  await page.reload();
  await expect(form.cooldown).toHaveValue("");
});

test("without a connection the page stays, says so, and goes on when it is back", async ({ page, context, trouble }) => {
  trouble.allow(/ERR_INTERNET_DISCONNECTED/);
  await signIn(page, "rita");
  const [home, frame] = [new HomePage(page), new Frame(page)];
  await home.open();
  await ready(page);
  await context.setOffline(true);
  await frame.link("Candidates").click();
  await expect(page.getByText("Assay cannot be reached. The page is as it was read last.")).toBeVisible();
  await expect(home.health).toBeVisible();
  await expect(page).toHaveURL("/o/acme");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(frame.heading).toHaveText("Candidates");
  await expect(page).toHaveURL("/o/acme/candidates");
});

test("a form that was sent without a connection keeps what was typed", async ({ page, context, trouble }) => {
  trouble.allow(/ERR_INTERNET_DISCONNECTED/);
  await signIn(page, "sue");
  const form = new TriggerPage(page);
  await form.open();
  await ready(page);
  await form.cooldown.fill("45d");
  await context.setOffline(true);
  await form.save.click();
  await expect(page.getByText("it is not known whether this was done")).toBeVisible();
  await expect(form.cooldown).toHaveValue("45d");
  await context.setOffline(false);
});

test("a tab from before an update loads the next page anew", async ({ page }) => {
  await signIn(page, "rita");
  await page.goto("/o/acme");
  await ready(page);
  await page.evaluate(() => {
    document.documentElement.dataset.bundle = "/pkg/assay.older.wasm";
    Object.assign(window, { marked: true });
  });
  await new Frame(page).link("Candidates").click();
  await expect(new Frame(page).heading).toHaveText("Candidates");
  expect(await page.evaluate(() => "marked" in window)).toBe(false);
});

test("two presses of a button send one form", async ({ page }) => {
  await signIn(page, "rita");
  const candidate = new CandidatePage(page);
  const name = unique("Twice Person ");
  await lever.pass({ name, email: `${unique("twice")}@example.com` });
  await candidate.find(name);
  await candidate.until("Invited");
  await ready(page);
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(new URL(request.url()).pathname));
  await page.getByRole("button", { name: "Apply rules again" }).dblclick();
  await expect(page.getByRole("status").filter({ hasText: /read|rules/i }).first()).toBeVisible();
  expect(sent).toEqual(["/app/apply-rules"]);
});

test("the place on a page is found again on the way back", async ({ page }) => {
  await signIn(page, "rita");
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto("/o/acme/candidates");
  await ready(page);
  await page.mouse.wheel(0, 600);
  // The place is kept as soon as scrolling has come to rest.
  await page.waitForFunction(() => window.scrollY > 300 && history.state === window.scrollY);
  const before = await page.evaluate(() => window.scrollY);
  await page.evaluate(() => [...document.querySelectorAll<HTMLAnchorElement>("tbody th a")].at(12)?.click());
  await expect(page.locator("#timeline, [aria-labelledby=timeline]").first()).toBeVisible();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect(new Frame(page).heading).toHaveText("Candidates");
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(before);
});

test("a server that is killed under an open page, and starts again: the page goes on", async ({ page, trouble }) => {
  trouble.allow(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  const server = new Server();
  try {
    server.command(["migrate"]);
    const password = "correct horse battery staple";
    server.command(["user", "create", "--email", "otto@assay.example", "--role", "owner", "--password-stdin"], password);
    await server.start();
    const [signIn, frame] = [new SignInPage(page), new Frame(page)];
    await page.goto(`${server.address}/sign-in`);
    await signIn.try("otto@assay.example", password);
    await expect(frame.heading).toHaveText("Organizations");
    await ready(page);
    await server.kill();
    await frame.openMenu();
    await frame.menu.getByRole("link", { name: "Preferences" }).click();
    await expect(page.getByText("Assay cannot be reached.")).toBeVisible();
    await expect(frame.heading).toHaveText("Organizations");
    await server.start();
    await page.getByRole("button", { name: "Try again" }).click();
    // The session is in the database, so the person is still signed in.
    await expect(frame.heading).toHaveText("Preferences");
    await expect(page).toHaveURL(`${server.address}/preferences`);
  } finally {
    await server.remove();
  }
});
