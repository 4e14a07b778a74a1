//! Webhooks in Lever and the tokens that sign them.

use domain::ports::desk::{DeskError, HookToken, Remade};
use domain::ports::store::StoreError;
use domain::rules::{MadeHook, SecretSource};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::Clerk;
use super::draft::{Draft, HeldToken, asked, pasted};
use crate::lever::{self, LeverClient};
use crate::organization::apply::webhook_url;

/// Tokens of webhooks that verify at the same time.
const MOST_TOKENS: usize = 20;
/// The permission that making and removing them needs, as a verb.
const MANAGE: &str = "make and remove webhooks";

pub(super) fn tokens(clerk: &Clerk, draft: &Draft) -> Vec<HookToken> {
    let token = |held: HeldToken| HookToken {
        code: held.code(clerk.vault()),
        last_four: crate::secrets::last_four(held.value.expose_secret()),
        stored_at: held.at,
        event: held.hook().map(|hook| hook.event.clone()),
    };
    draft.tokens(clerk.vault()).into_iter().map(token).collect()
}

pub(super) async fn add_token(
    clerk: &Clerk,
    organization: Uuid,
    token: &SecretString,
    by: &str,
) -> Result<(), DeskError> {
    let value = pasted("Signature token", token)?;
    let mut draft = clerk.draft(organization).await?;
    let mut tokens = draft.tokens(clerk.vault());
    if tokens.iter().any(|known| known.value.expose_secret() == value.expose_secret()) {
        return Err(DeskError::Impossible("Signature token: this one is stored already".to_owned()));
    }
    room(tokens.len(), 1)?;
    tokens.push(HeldToken { source: SecretSource::Stored, value, at: clerk.cx.clock.now() });
    draft.set_tokens(clerk.vault(), &tokens);
    clerk.store(draft, Vec::new(), by).await
}

/// Nothing that verifies is dropped in silence.
fn room(held: usize, more: usize) -> Result<(), DeskError> {
    if held + more <= MOST_TOKENS {
        return Ok(());
    }
    Err(DeskError::Impossible(format!(
        "{held} signature tokens are stored, and at most {MOST_TOKENS} may be; remove those that are no longer used"
    )))
}

pub(super) async fn remove_token(clerk: &Clerk, organization: Uuid, code: &str, by: &str) -> Result<(), DeskError> {
    let mut draft = clerk.draft(organization).await?;
    let mut tokens = draft.tokens(clerk.vault());
    let place = tokens.iter().position(|token| token.code(clerk.vault()) == code);
    tokens.remove(place.ok_or(StoreError::NotFound("token"))?);
    draft.set_tokens(clerk.vault(), &tokens);
    clerk.store(draft, Vec::new(), by).await
}

/// New webhooks first, then their tokens, and only then the old ones go: at no moment does Lever tell nothing, or something
/// that is not believed.
pub(super) async fn make(clerk: &Clerk, organization: Uuid, by: &str) -> Result<Remade, DeskError> {
    let mut draft = clerk.draft(organization).await?;
    let client = clerk.lever(&draft)?;
    let url = webhook_url(&clerk.cx.public_url, &draft.before.hook);
    let old = asked(MANAGE, client.webhooks_to(&url)).await?;
    // Of webhooks that are gone for longer than one renewal nothing is on its way any more.
    let mut tokens = draft.tokens(clerk.vault());
    tokens.retain(|token| token.hook().is_none_or(|hook| old.contains(&hook.id)));
    room(tokens.len(), lever::EVENTS.len())?;
    let made = create(&client, &url, &old).await?;
    let now = clerk.cx.clock.now();
    tokens.extend(made.into_iter().map(|(hook, value)| HeldToken { source: SecretSource::Hook(hook), value, at: now }));
    draft.set_tokens(clerk.vault(), &tokens);
    clerk.store(draft, Vec::new(), by).await?;
    // Those made in Lever's own pages cannot be removed by a key, and stay.
    for id in &old {
        if asked(MANAGE, client.remove_webhook(id)).await.is_err() {
            return Ok(Remade::OldStay);
        }
    }
    Ok(Remade::All)
}

/// All of them, or none.
async fn create(client: &LeverClient, url: &str, old: &[String]) -> Result<Vec<(MadeHook, SecretString)>, DeskError> {
    let mut made: Vec<(MadeHook, SecretString)> = Vec::new();
    for event in lever::EVENTS {
        match asked(MANAGE, client.create_webhook(event, url)).await {
            Ok((id, token)) => made.push((MadeHook { id, event: event.to_owned() }, token)),
            Err(error) => return Err(if undone(client, url, old).await { error } else { half(&error) }),
        }
    }
    Ok(made)
}

/// Takes away what is new, also what was made although its answer was lost; whether nothing of it is left.
async fn undone(client: &LeverClient, url: &str, old: &[String]) -> bool {
    let Ok(all) = client.webhooks_to(url).await else { return false };
    let mut clean = true;
    for id in all.iter().filter(|id| !old.contains(id)) {
        clean &= matches!(client.remove_webhook(id).await, Ok(true));
    }
    clean
}

fn half(error: &DeskError) -> DeskError {
    DeskError::Impossible(format!(
        "{error}. Some new webhooks may have been made and could not be taken away again: look in Lever, Settings, \
         Integrations, Webhooks. The webhooks and tokens of before work as they did"
    ))
}

/// Takes away what Assay made, with its tokens; returns how many webhooks went.
pub(super) async fn take_away(clerk: &Clerk, organization: Uuid, by: &str) -> Result<usize, DeskError> {
    let mut draft = clerk.draft(organization).await?;
    let client = clerk.lever(&draft)?;
    let url = webhook_url(&clerk.cx.public_url, &draft.before.hook);
    let (mut gone, mut left) = (0, Vec::new());
    for id in asked(MANAGE, client.webhooks_to(&url)).await? {
        if asked(MANAGE, client.remove_webhook(&id)).await? {
            gone += 1;
        } else {
            left.push(id);
        }
    }
    let mut tokens = draft.tokens(clerk.vault());
    let before = tokens.len();
    tokens.retain(|token| token.hook().is_none_or(|hook| left.contains(&hook.id)));
    if tokens.len() < before {
        draft.set_tokens(clerk.vault(), &tokens);
    }
    if gone > 0 {
        draft.said.push(format!("- {gone} webhooks in Lever"));
    }
    clerk.store(draft, Vec::new(), by).await?;
    Ok(gone)
}
