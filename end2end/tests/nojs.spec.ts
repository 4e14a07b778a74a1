import { expect, test } from "../fixtures";
import { CandidatePage } from "../pages/candidate";
import { CandidatesPage } from "../pages/candidates";
import { Frame } from "../pages/frame";
import { lever, unique } from "../pages/sandbox";
import { SignInPage } from "../pages/sign-in";

test.use({ javaScriptEnabled: false });

test.beforeEach(async ({ page }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.role("Rita, recruiter").click();
  await expect(new Frame(page).heading).toHaveText("Acme");
});

test("without client code the list is filtered, and a candidate opened", async ({ page }) => {
  const [list, frame] = [new CandidatesPage(page), new Frame(page)];
  await frame.link("Candidates").click();
  await expect(list.rows.first()).toBeVisible();
  await list.search.fill("farid haddad");
  await list.submit.click();
  await expect(list.rows).toHaveCount(1);
  await expect(list.search).toHaveValue("farid haddad");
  expect(list.query()).toEqual({ search: "farid haddad" });
  await list.link("Farid Haddad").click();
  await expect(frame.heading).toHaveText("Farid Haddad");
  await expect(new CandidatePage(page).answer).toContainText("several tests tagged");
});

test("without client code a send is settled", async ({ page }) => {
  const candidate = new CandidatePage(page);
  const name = unique("Plain Person ");
  await lever.pass({ name, email: `${unique("plain")}+500@example.com` });
  await candidate.find(name);
  await candidate.until("Unclear whether it arrived");
  const address = new URL(page.url()).pathname;
  await candidate.arrived.click();
  await expect(page).toHaveURL((url) => url.pathname === address);
  await expect(candidate.pill("Invited")).toBeVisible();
  await expect(candidate.arrived).toHaveCount(0);
  await expect(candidate.timeline.filter({ hasText: "rita@acme.example found that the invitation had arrived." })).toHaveCount(1);
});

test("without client code the theme is chosen, and someone signs out", async ({ page }) => {
  const frame = new Frame(page);
  await frame.link("Candidates").click();
  await frame.choose("Dark");
  await expect(page).toHaveURL("/o/acme/candidates");
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
  await frame.signOut();
  await expect(page).toHaveURL("/sign-in");
});
