//! How clients come back, in steps of a tenth of a second.

use std::fmt::Write;
use std::time::Duration;

/// One line of the table.
const STEP: Duration = Duration::from_millis(100);

/// How wide the longest bar is, in characters.
const BAR: usize = 40;

/// What happened in one step.
#[derive(Clone, Copy, Default)]
struct Step {
    n_attempts: usize,
    n_welcomed: usize,
    /// Live clients at the end of the step.
    n_live: usize,
}

/// The curve of a storm, which begins when the server is told to end.
pub struct Curve {
    n_clients: usize,
    steps: Vec<Step>,
    current: Step,
    started: Option<Duration>,
    all_back: Option<Duration>,
}

impl Curve {
    /// Nothing has happened.
    pub fn new(n_clients: usize) -> Self {
        let (steps, current) = (Vec::new(), Step::default());
        Self { n_clients, steps, current, started: None, all_back: None }
    }

    /// Somebody tries to connect.
    pub fn attempt(&mut self) {
        self.current.n_attempts += 1;
    }

    /// Somebody is live.
    pub fn welcome(&mut self) {
        self.current.n_welcomed += 1;
    }

    /// So many are live by now.
    pub fn note(&mut self, since: Duration, n_live: usize) {
        self.current.n_live = n_live;
        while STEP * (self.steps.len() as u32 + 1) <= since {
            self.steps.push(std::mem::take(&mut self.current));
            self.current.n_live = n_live;
        }
    }

    /// The server listens again.
    pub fn started(&mut self, since: Duration) {
        self.started = Some(since);
    }

    /// Everybody is live again.
    pub fn all_are_back(&mut self, since: Duration) {
        self.all_back = Some(since);
    }

    /// The table, without steps in which nothing happened, and what follows from it.
    pub fn table(&self) -> String {
        let mut table = String::from(
            "| after s | attempts | welcomed | live | |\n| ---: | ---: | ---: | ---: | --- |\n",
        );
        let mut n_before = self.n_clients;
        for (index, step) in self.steps.iter().enumerate() {
            if step.n_attempts + step.n_welcomed > 0 || step.n_live != n_before {
                let seconds = (STEP * (index as u32 + 1)).as_secs_f64();
                let bar = "█".repeat(step.n_live * BAR / self.n_clients.max(1));
                let Step { n_attempts, n_welcomed, n_live } = step;
                writeln!(
                    table,
                    "| {seconds:.1} | {n_attempts} | {n_welcomed} | {n_live} | {bar} |"
                )
                .expect("a string takes everything");
            }
            n_before = step.n_live;
        }
        table + "\n" + &self.summary()
    }

    fn summary(&self) -> String {
        let sum = |of: fn(&Step) -> usize| self.steps.iter().map(of).sum::<usize>();
        let (n_attempts, n_welcomed) = (sum(|it| it.n_attempts), sum(|it| it.n_welcomed));
        let most = self.steps.iter().map(|it| it.n_attempts).max().unwrap_or_default();
        // When the last one was gone: from here on they come back.
        let fewest = self.steps.iter().map(|it| it.n_live).min().unwrap_or_default();
        let gone = self.steps.iter().rposition(|it| it.n_live == fewest).unwrap_or_default();
        let within = |share: f64| {
            let enough = |step: &Step| step.n_live as f64 >= share * self.n_clients as f64;
            let step = self.steps.iter().skip(gone).position(enough);
            step.map_or("never".into(), |n| {
                format!("{:.1} s", (STEP * (gone + n + 1) as u32).as_secs_f64())
            })
        };
        let seconds = |time: Option<Duration>| time.map_or(f64::NAN, |it| it.as_secs_f64());
        format!(
            "It listened again after {:.2} s. Half were back after {}, 99 % after {}, all after {:.2} s.\n\
             {n_attempts} attempts, {:.2} for each client, at most {most} in 100 ms; {} came more than once.",
            seconds(self.started),
            within(0.5),
            within(0.99),
            seconds(self.all_back),
            n_attempts as f64 / self.n_clients.max(1) as f64,
            n_welcomed.saturating_sub(self.n_clients),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_counts_by_tenths_of_a_second_and_leaves_out_rests() {
        let mut curve = Curve::new(4);
        let at = Duration::from_millis;
        curve.note(at(50), 4);
        curve.note(at(100), 0);
        (0..4).for_each(|_| curve.attempt());
        curve.welcome();
        curve.note(at(250), 1);
        curve.note(at(900), 1);
        (0..3).for_each(|_| curve.attempt());
        (0..3).for_each(|_| curve.welcome());
        curve.note(at(1000), 4);
        curve.started(at(120));
        curve.all_are_back(at(950));
        let table = curve.table();
        assert!(table.contains("| 0.1 | 0 | 0 | 0 |"), "{table}");
        assert!(table.contains("| 0.2 | 4 | 1 | 1 |"), "{table}");
        assert!(table.contains("| 1.0 | 3 | 3 | 4 |"), "{table}");
        assert!(!table.contains("| 0.5 |"), "{table}");
        assert!(table.contains("Half were back after 1.0 s"), "{table}");
        assert!(table.contains("7 attempts, 1.75 for each client, at most 4"), "{table}");
        assert!(table.contains("0 came more than once"), "{table}");
    }
}
