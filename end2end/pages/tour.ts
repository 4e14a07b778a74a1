import { expect, type Page } from "@playwright/test";

import { type Person, signIn } from "../fixtures";
import { CandidatePage } from "./candidate";
import { CandidatesPage } from "./candidates";
import { DeliveriesPage } from "./deliveries";
import { ReviewsPage } from "./reviews";
import { lever, unique } from "./sandbox";
import { TriggersPage } from "./triggers";

/** One view that people come across. */
export interface Stop {
  name: string;
  person: Person | null;
  address: string;
  /** Words that say that the view is there. */
  shows: string | RegExp;
}

/** People whose pages the tour visits. */
export interface Cast {
  judged: string;
  silent: string;
  unclear: string;
  /** Address of a delivery. */
  delivery: string;
  /** Address of a trigger stage. */
  trigger: string;
  /** Address of a result that waits for a person. */
  review: string;
}

let cast: Promise<Cast> | undefined;

/** Waits until the people of the tour stand where they should. Once for all tests of a file. */
export function prepare(page: Page): Promise<Cast> {
  cast ??= assemble(page);
  return cast;
}

async function assemble(page: Page): Promise<Cast> {
  await signIn(page, "rita");
  const candidate = new CandidatePage(page);
  const list = new CandidatesPage(page);
  const all = await lever.all();
  // Names as real accounts hold them: far too long, right to left, full of markup, none at all.
  const odd = all.filter((o) => /^Maximiliana|^نور|^<script|^Zoë/.test(o.name) || o.emails[0] === "no.name@example.com");
  for (const { id } of odd) {
    await lever.move(id, "Phone Screen Passed");
  }
  const email = `${unique("tour")}+500@example.com`;
  const name = unique("Unclear Person ");
  const { id: unclear } = await lever.pass({ name, email });
  await candidate.find(name);
  await candidate.until("Unclear whether it arrived");
  for (const { id } of odd) {
    await expect.poll(async () => (await page.request.get(`/o/acme/candidates/${id}`)).status(), { timeout: 20_000 }).toBe(200);
  }
  await expect(async () => {
    await list.open({ search: "Ana Ruiz", outcome: "pass" });
    await expect(list.link("Ana Ruiz")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  const one = (wanted: string) => all.find((o) => o.name === wanted)!.id;
  const judged = one("Ana Ruiz");
  await new DeliveriesPage(page).find(judged);
  const delivery = new URL(page.url()).pathname;
  const reviews = new ReviewsPage(page);
  await expect(async () => {
    await reviews.open();
    await expect(reviews.link("Oskar Lind")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  const review = await reviews.address("Oskar Lind");
  await signIn(page, "sue");
  const triggers = new TriggersPage(page);
  await triggers.open();
  const trigger = (await triggers.rows.first().getByRole("link").first().getAttribute("href"))!;
  return { judged, silent: one("Farid Haddad"), unclear, delivery, trigger, review };
}

/** Every page in the states that look different. */
export function stops({ judged, silent, unclear, delivery, trigger, review }: Cast): Stop[] {
  const at = (path: string) => `/o/acme${path}`;
  return [
    { name: "sign-in", person: null, address: "/sign-in", shows: "Or look around in a role" },
    { name: "fleet", person: "mona", address: "/", shows: "Not accepted: " },
    { name: "fleet-none", person: "mona", address: "/?state=setting-up&q=zzzz", shows: "No organization matches" },
    { name: "preferences", person: "rita", address: "/preferences", shows: "Times on all pages" },
    { name: "preferences-wrong", person: "otto", address: "/preferences?told=zone", shows: "There is no such time zone" },
    { name: "home", person: "rita", address: at(""), shows: "Recent decisions" },
    { name: "home-masked", person: "mona", address: at(""), shows: "Names are masked for your role." },
    { name: "home-limited", person: "lim", address: at(""), shows: "No candidates for you yet" },
    { name: "candidates", person: "rita", address: at("/candidates"), shows: "Nothing sent" },
    { name: "candidates-none", person: "rita", address: at("/candidates?search=zzzz&state=invited"), shows: "No candidate matches" },
    { name: "candidates-masked", person: "mona", address: at("/candidates"), shows: "Names are masked" },
    { name: "candidate", person: "rita", address: at(`/candidates/${judged}`), shows: "Written to Lever" },
    { name: "candidate-silent", person: "rita", address: at(`/candidates/${silent}`), shows: "Nothing was ordered" },
    { name: "candidate-unclear", person: "rita", address: at(`/candidates/${unclear}`), shows: "sending again may invite" },
    { name: "reviews", person: "rita", address: at("/reviews"), shows: "Start with the first" },
    { name: "reviews-aside", person: "rita", address: at("/reviews?show=aside"), shows: "put aside" },
    { name: "reviews-masked", person: "mona", address: at("/reviews"), shows: "Names are masked" },
    { name: "reviews-item", person: "rita", address: review, shows: "Linking writes to Lever" },
    { name: "reviews-item-2", person: "rita", address: `${review}?candidate=2`, shows: "Linking writes to Lever" },
    { name: "reviews-item-masked", person: "mona", address: review, shows: "hidden" },
    { name: "reviews-history", person: "rita", address: at("/reviews/history"), shows: "By Assay itself" },
    { name: "reviews-results", person: "adam", address: at("/results"), shows: "Bring results in" },
    { name: "reviews-results-refused", person: "adam", address: at("/results?__path=%2Fapp%2Fresults-import&__err=aW52YWxpZCBMaW5lIDM6IG5vIHRlc3QgaXMgbmFtZWQ"), shows: "Bring results in" },
    { name: "deliveries", person: "rita", address: at("/deliveries"), shows: "Handled" },
    { name: "deliveries-filtered", person: "rita", address: at("/deliveries?status=done&event=candidateStageChange"), shows: "Clear all" },
    { name: "deliveries-none", person: "rita", address: at("/deliveries?opportunity=zzzz"), shows: "No delivery matches" },
    { name: "delivery", person: "rita", address: delivery, shows: "Token and signature are never shown." },
    { name: "delivery-masked", person: "mona", address: delivery, shows: "Token and signature are never shown." },
    { name: "jobs", person: "rita", address: at("/jobs"), shows: "Next run" },
    { name: "jobs-done", person: "rita", address: at("/jobs?state=done"), shows: "Ended" },
    { name: "jobs-dead", person: "rita", address: at("/jobs?state=dead"), shows: "No job is dead" },
    { name: "triggers", person: "sue", address: at("/triggers"), shows: "Which test someone gets" },
    { name: "triggers-read", person: "mona", address: at("/triggers"), shows: "Which test someone gets" },
    { name: "trigger", person: "sue", address: trigger, shows: "Pass at or above" },
    { name: "trigger-new", person: "sue", address: at("/triggers/new"), shows: "Choose a stage" },
    { name: "trigger-refused", person: "sue", address: at("/triggers/new?version=1&refused=yes&draft[pass_at]=4O&draft[cooldown]=x"), shows: "is not" },
    { name: "trigger-not-allowed", person: "rita", address: at("/triggers"), shows: "Not allowed" },
    { name: "integrations", person: "sue", address: at("/integrations"), shows: "What this Lever account works with" },
    { name: "connections", person: "sue", address: at("/connections"), shows: "From nothing to live" },
    { name: "connections-asked", person: "sue", address: at("/connections?show=permissions"), shows: "Read candidate" },
    { name: "connections-users", person: "sue", address: at("/connections?show=users"), shows: "In whose name Assay writes" },
    { name: "connections-dry-run", person: "sue", address: at("/connections?show=dry-run"), shows: "Nothing is sent, and nothing is written" },
    { name: "connections-read", person: "mona", address: at("/connections"), shows: "From nothing to live" },
    { name: "history", person: "sue", address: at("/history"), shows: "In force" },
    { name: "people", person: "sue", address: at("/people"), shows: "Invite a person" },
    { name: "audit", person: "sue", address: at("/audit"), shows: "Created the organization" },
    { name: "audit-none", person: "sue", address: at("/audit?who=nobody%40example.org"), shows: "No entry matches" },
    { name: "instance", person: "otto", address: "/instance", shows: "New organization" },
    { name: "instance-people", person: "otto", address: "/people", shows: "Invite a person" },
    { name: "instance-audit", person: "otto", address: "/audit", shows: "Created an account" },
    { name: "not-found", person: "rita", address: at("/candidates/not-there"), shows: "There is nothing at this address" },
  ];
}

/** Opens a stop as its person. */
export async function visit(page: Page, { person, address, shows }: Stop): Promise<void> {
  if (person === null) {
    await page.request.post("/sign-out", { maxRedirects: 0 });
  } else {
    await signIn(page, person);
  }
  await page.goto(address);
  await expect(page.locator("main").getByText(shows).first()).toBeAttached();
}
