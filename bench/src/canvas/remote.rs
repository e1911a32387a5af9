//! What others' work costs whoever looks at it: fifty people who draw at once, and thousands of changes in
//! a moment. Only Tandem: the peers' pages have no server here.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use chrome::Page;

use super::cpu_ms;
use super::figures::{Figure, Figures};
use super::people::People;
use super::profile::Profile;
use super::subject::Subject;

/// So many changes at once, by somebody.
type Burst = fn(&mut People, usize) -> Result<()>;

/// People who draw.
pub const PEOPLE: usize = 50;
/// Changes of a burst.
pub const CHANGES: usize = 5_000;
/// Frames that are watched.
const FRAMES: u32 = 600;
/// Frames until all pens are down.
const FRAMES_BEFORE: u32 = 60;
/// How long whoever makes a burst is heard of afterwards.
const AFTER: Duration = Duration::from_secs(4);

/// Watches others from a page that looks at the middle of a board of `n` elements, at 100 %.
pub async fn measure(
    page: &mut Page,
    address: SocketAddr,
    n: usize,
    figures: &mut Figures,
    profile: &Profile,
) -> Result<()> {
    Subject::Tandem.look(page, 1.0).await;
    let mut people = tokio::task::spawn_blocking(move || People::join(address, PEOPLE)).await??;
    let drawing = people.draw();
    page.evaluate(&format!("hand.frames({FRAMES_BEFORE}).then(() => true)")).await;
    profile.begin(page).await;
    let before = cpu_ms(page).await;
    let watched = page.evaluate(&format!("hand.watch({FRAMES})")).await;
    let cpu = (cpu_ms(page).await - before) / f64::from(FRAMES);
    profile.end(page, &format!("tandem-{n}-people")).await?;
    people = drawing.end()?;
    let number = |name: &str| watched[name].as_f64().unwrap_or(f64::NAN);
    figures.note(Subject::Tandem, n, Figure::PeopleCpu, cpu);
    figures.note(Subject::Tandem, n, Figure::PeopleFps, f64::from(FRAMES) * 1000.0 / number("ms"));
    figures.note(Subject::Tandem, n, Figure::PeopleLongest, number("longest"));
    let bursts: [(Figure, &str, Burst); 2] =
        [(Figure::ManyBlocked, "many", People::insert), (Figure::OneBlocked, "one", People::shift)];
    for (figure, name, burst) in bursts {
        page.evaluate("hand.frames(60).then(() => true)").await;
        profile.begin(page).await;
        page.evaluate("hand.feel(), true").await;
        let bursting = tokio::task::spawn_blocking(move || {
            burst(&mut people, CHANGES)?;
            people.listen(AFTER)?;
            anyhow::Ok(people)
        });
        people = bursting.await??;
        let blocked = page.evaluate("hand.felt()").await;
        profile.end(page, &format!("tandem-{n}-burst-{name}")).await?;
        figures.note(Subject::Tandem, n, figure, blocked.as_f64().unwrap_or(f64::NAN));
    }
    Ok(())
}
