//! Two people at work, whom no bad client may disturb.

use crate::{Client, Site, TestServer};

/// Ann and Bob in the room `r`.
pub struct Bystanders {
    site: Site,
    /// She draws when they are checked.
    pub ann: Client,
    /// He sees it.
    pub bob: Client,
}

impl Bystanders {
    /// Both, live.
    pub async fn in_the_room(server: &TestServer) -> Self {
        let site = server.site;
        Self { site, ann: site.join("r", "Ann").await, bob: site.join("r", "Bob").await }
    }

    /// They are where they were, alone, and one sees what the other draws.
    pub async fn check_undisturbed(&self) {
        let drawn = self.ann.draw(0.0, 0.0);
        self.bob.until("what Ann draws", |seen| seen.board.element(&drawn).is_some()).await;
        for client in [&self.ann, &self.bob] {
            client.until("only Ann and Bob", |seen| seen.names() == ["Ann", "Bob"]).await;
            assert_eq!(client.look(|seen| seen.n_times_live), 1, "nobody else was thrown out");
            client.until_saved().await;
            client.until_elements(&self.site.elements("r").await).await;
        }
    }
}
