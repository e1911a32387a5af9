//! Somebody who types meanwhile: browsers let what people do go before messages, so how long a key waits tells what a
//! hand feels.

use std::time::Duration;

use chrome::Page;
use serde_json::json;

/// Between two keys.
const EVERY: Duration = Duration::from_millis(16);

/// Presses a key that does nothing again and again, until that is done.
pub async fn press_until<T>(page: &mut Page, done: impl Future<Output = T>) -> T {
    let mut done = std::pin::pin!(done);
    loop {
        page.call("Input.dispatchKeyEvent", json!({ "type": "keyDown", "key": "F20" })).await;
        tokio::select! {
            done = &mut done => return done,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
