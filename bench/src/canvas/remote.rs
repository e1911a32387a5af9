//! What others' work costs whoever looks at it: fifty people who draw at once, and thousands of changes in
//! a moment. Only Tandem: the peers' pages have no server here.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use chrome::{Browser, Page};

use super::figures::{Cost, Figure, Figures};
use super::keys;
use super::people::People;
use super::profile::Profile;
use super::subject::Subject;
use super::turns::{self, Build};
use super::{cpu_ms, number, open, seeded};

/// So many changes at once, by somebody.
type Burst = fn(&mut People, usize) -> Result<()>;
/// What is to be told of it.
type Told = fn(Cost) -> Figure;

/// People who draw.
pub const PEOPLE: usize = 50;
/// Changes of a burst.
pub const CHANGES: usize = 5_000;
/// Frames that are watched.
const FRAMES: u32 = 600;
/// Frames until all pens are down.
const FRAMES_BEFORE: u32 = 60;
/// How long is looked on after a burst.
const AFTER: Duration = Duration::from_secs(4);

/// Watches others from a page that looks at the middle of a board of `n` elements, at 100 %.
pub async fn measure(
    page: &mut Page,
    address: SocketAddr,
    n: usize,
    figures: &mut Figures,
    profile: &Profile,
) -> Result<()> {
    let costs = costs(page, address, profile, &format!("tandem-{n}")).await?;
    for (figure, value) in costs {
        figures.note(Subject::Tandem, n, figure, value);
    }
    Ok(())
}

/// Prints that again and again, each time with a new board, page and people.
pub async fn again(
    builds: &[Build<'_>],
    sizes: &[usize],
    times: u32,
    profile: &Profile,
) -> Result<()> {
    for &n in sizes {
        let seeded = seeded::elements(n);
        let mut turns: Vec<_> = builds.iter().collect();
        let all = turns::in_turns(&mut turns, times, async |build| {
            let host = build.subjects.host(Subject::Tandem, &seeded)?;
            let mut browser = Browser::start().await;
            let mut page = open(&mut browser, Subject::Tandem, &host).await;
            Subject::Tandem.load(&mut page, &seeded, 1.0).await;
            page.evaluate("tandem.ready.then(() => true)").await;
            let address = host.server().context("it has a server")?;
            let costs = costs(&mut page, address, profile, &format!("{}-{n}", build.name)).await?;
            browser.close().await;
            Ok(costs)
        });
        let mut figures: BTreeMap<(Figure, &str), Vec<[f64; 1]>> = BTreeMap::new();
        for (build, costs) in builds.iter().zip(all.await?) {
            for (figure, value) in costs.into_iter().flatten() {
                figures.entry((figure, build.name)).or_default().push([value]);
            }
        }
        for ((figure, name), values) in figures {
            turns::line(&format!("{figure:?}, {n} elements, {name}"), &values);
        }
    }
    Ok(())
}

async fn costs(
    page: &mut Page,
    address: SocketAddr,
    profile: &Profile,
    trace: &str,
) -> Result<Vec<(Figure, f64)>> {
    Subject::Tandem.look(page, 1.0).await;
    let people = tokio::task::spawn_blocking(move || People::join(address, PEOPLE)).await??;
    let drawing = people.draw();
    page.evaluate(&format!("hand.frames({FRAMES_BEFORE}).then(() => true)")).await;
    profile.begin(page).await;
    let before = cpu_ms(page).await;
    let watched = page.evaluate(&format!("hand.watch({FRAMES})")).await;
    let cpu = (cpu_ms(page).await - before) / f64::from(FRAMES);
    let mut resting = drawing.end()?.rest();
    profile.end(page, &format!("{trace}-people")).await?;
    let mut costs = vec![
        (Figure::PeopleCpu, cpu),
        (Figure::PeopleFps, f64::from(FRAMES) * 1000.0 / number(&watched["ms"])),
        (Figure::PeopleLongest, number(&watched["longest"])),
    ];
    let bursts: [(Told, &str, Burst); 2] =
        [(Figure::Many, "many", People::insert), (Figure::One, "one", People::shift)];
    for (figure, name, burst) in bursts {
        page.evaluate("hand.frames(60).then(() => true)").await;
        page.evaluate("hand.feel(), true").await;
        let mut people = resting.end()?;
        let bursting =
            tokio::task::spawn_blocking(move || burst(&mut people, CHANGES).map(|()| people));
        resting = bursting.await??.rest();
        tokio::time::sleep(AFTER).await;
        let blocked = number(&page.evaluate("hand.felt()").await);
        // Once more, and now somebody types. What is typed goes before messages, so nothing is told of these.
        page.evaluate("hand.frames(60).then(() => true)").await;
        profile.begin_turns(page).await;
        page.evaluate("hand.feel(), true").await;
        let mut people = resting.end()?;
        let bursting =
            tokio::task::spawn_blocking(move || burst(&mut people, CHANGES).map(|()| people));
        let bursting = async {
            let people = bursting.await??.rest();
            tokio::time::sleep(AFTER).await;
            Ok::<_, anyhow::Error>(people)
        };
        resting = keys::press_until(page, bursting).await?;
        let key = number(&page.evaluate("hand.keyWaited()").await);
        page.evaluate("hand.felt()").await;
        let turn = profile.end_turns(page, &format!("{trace}-burst-{name}")).await?;
        costs.push((figure(Cost::Blocked), blocked));
        costs.push((figure(Cost::Key), key));
        costs.push((figure(Cost::Turn), turn.clock));
        costs.push((figure(Cost::TurnCpu), turn.cpu));
    }
    Ok(costs)
}
