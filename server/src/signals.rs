//! SIGTERM and Ctrl-C stop gracefully; a second one stops at once.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `stop` at the first signal and ends the process at the second.
pub async fn stop_on_signal(stop: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be handled; stopping will not be graceful");
        return;
    };
    either(&mut terminate, &mut interrupt).await;
    tracing::info!("stopping; a second signal stops at once");
    stop.cancel();
    either(&mut terminate, &mut interrupt).await;
    std::process::exit(1);
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
