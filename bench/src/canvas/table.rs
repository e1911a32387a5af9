//! The table, in Markdown, so that it can go into `docs/benchmarks.md` as it is.

use super::figures::{Cost, Figure, Figures};
use super::remote::{CHANGES, PEOPLE};
use super::subject::Subject;
use super::{FIT, percent};

/// One row for each thing that was measured, one column for each subject.
pub fn of(figures: &Figures, subjects: &[Subject], sizes: &[usize]) -> String {
    let mut lines = vec![row("", subjects.iter().map(ToString::to_string))];
    lines.push(row("---", subjects.iter().map(|_| "---".to_owned())));
    let mut add = |title: &str, n: usize, figure: &[Figure], show: &dyn Fn(&[f64]) -> String| {
        let cell = |subject: &Subject| {
            let values: Option<Vec<f64>> =
                figure.iter().map(|&figure| figures.of(*subject, n, figure)).collect();
            values.map_or_else(|| "–".to_owned(), |values| show(&values))
        };
        lines.push(row(title, subjects.iter().map(cell)));
    };
    let fit = percent(FIT);
    for &n in sizes {
        for (zoom, words) in [(fit, "all in view"), (33, "at 33 %"), (100, "at 100 %")] {
            let pan = [Figure::PanCpu(zoom), Figure::PanFps(zoom), Figure::PanLongest(zoom)];
            add(&format!("pan, {} elements {words}", thousands(n)), n, &pan, &|values| {
                let [cpu, fps, longest] = values else { return String::new() };
                format!("{cpu:.1} ms, {fps:.0} fps, longest {longest:.0} ms")
            });
        }
    }
    add("a move of the pen, empty board", 0, &[Figure::Pen(100)], &millis);
    for &n in sizes {
        let title = format!("a move of the pen, {} elements, at 100 % / at fit", thousands(n));
        add(&title, n, &[Figure::Pen(100), Figure::Pen(fit)], &millis);
    }
    for &n in sizes {
        let title = format!("{PEOPLE} people drawing on {} elements", thousands(n));
        let people = [Figure::PeopleCpu, Figure::PeopleFps, Figure::PeopleLongest];
        add(&title, n, &people, &|values| {
            let [cpu, fps, longest] = values else { return String::new() };
            format!("{cpu:.1} ms, {fps:.0} fps, longest {longest:.0} ms")
        });
        let title = format!(
            "burst of {} changes on {} elements, in as many edits / in one: blocked for",
            thousands(CHANGES),
            thousands(n)
        );
        let blocked = [Figure::Many(Cost::Blocked), Figure::One(Cost::Blocked)];
        add(&title, n, &blocked, &whole_millis);
        let key = [Figure::Many(Cost::Key), Figure::One(Cost::Key)];
        add("what a key waited meanwhile, at most", n, &key, &whole_millis);
        let cpu = [Figure::Many(Cost::TurnCpu), Figure::One(Cost::TurnCpu)];
        add("the longest turn of that, of the processor", n, &cpu, &whole_millis);
    }
    for &n in sizes {
        let title = format!(
            "{} elements from memory to the painted frame, at fit / at 100 %",
            thousands(n)
        );
        add(&title, n, &[Figure::Load(fit), Figure::Load(100)], &whole_millis);
    }
    for &n in sizes {
        let n_words = thousands(n);
        let title = format!(
            "{n_words} elements, a kept picture from memory to the frame, at fit / at 100 %"
        );
        add(&title, n, &[Figure::Picture(fit), Figure::Picture(100)], &whole_millis);
        let title =
            format!("{n_words} elements opened again until the picture is seen, at fit / at 100 %");
        add(&title, n, &[Figure::PictureAgain(fit), Figure::PictureAgain(100)], &whole_millis);
        let title =
            format!("{n_words} elements opened again until the board is seen, at fit / at 100 %");
        add(&title, n, &[Figure::BoardAgain(fit), Figure::BoardAgain(100)], &whole_millis);
    }
    for &n in sizes {
        let title = format!("memory of the renderer, {} elements, at 100 % / at fit", thousands(n));
        let memory = [Figure::Memory(100), Figure::Memory(fit)];
        add(&title, n, &memory, &|values| {
            format!("{} MB", joined(values, |bytes| format!("{:.0}", bytes / 1e6)))
        });
    }
    add("page to interactive, cold", 0, &[Figure::Start], &whole_millis);
    add("scripts, styles and wasm, brotli", 0, &[Figure::Bytes], &|values| {
        format!("{} kB", joined(values, |bytes| format!("{:.0}", bytes / 1e3)))
    });
    lines.join("\n")
}

fn millis(values: &[f64]) -> String {
    format!("{} ms", joined(values, |ms| format!("{ms:.1}")))
}

fn whole_millis(values: &[f64]) -> String {
    format!("{} ms", joined(values, |ms| format!("{ms:.0}")))
}

fn joined(values: &[f64], show: impl Fn(f64) -> String) -> String {
    values.iter().map(|&value| show(value)).collect::<Vec<_>>().join(" / ")
}

fn thousands(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

fn row(title: &str, cells: impl Iterator<Item = String>) -> String {
    format!("| {title} | {} |", cells.collect::<Vec<_>>().join(" | "))
}
