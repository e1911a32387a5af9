//! Counts durations so finely that a quantile is off by two percent at most.

/// Buckets for each power of two.
const PER_OCTAVE: u64 = 64;

/// How often each duration was seen, in microseconds.
#[derive(Clone, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    n: u64,
}

impl Histogram {
    /// Counts one more.
    pub fn add(&mut self, micros: u64) {
        let bucket = bucket(micros);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.n += 1;
    }

    /// The duration that a share of all, 0 to 1, does not exceed; `None` if there are none.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let rank = (self.n as f64 * share).ceil().max(1.0) as u64;
        let mut n_below = 0;
        let bucket = self.counts.iter().position(|count| {
            n_below += count;
            n_below >= rank
        })?;
        Some(largest_in(bucket))
    }
}

/// Below [`PER_OCTAVE`] each number has its bucket; above, each octave has as many.
fn bucket(micros: u64) -> usize {
    let octave = (micros / PER_OCTAVE).checked_ilog2().map_or(0, |log| log + 1);
    let step = octave.saturating_sub(1);
    (u64::from(step) * PER_OCTAVE + (micros >> step)) as usize
}

fn largest_in(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let step = (bucket / PER_OCTAVE).saturating_sub(1);
    (((bucket - step * PER_OCTAVE) + 1) << step) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_is_in_a_bucket_hardly_wider_than_itself() {
        let mut last = 0;
        for micros in (0..5_000).chain((5_000..50_000_000).step_by(997)) {
            let bucket = bucket(micros);
            assert!(bucket >= last, "in order");
            last = bucket;
            let largest = largest_in(bucket);
            assert!(largest >= micros && largest as f64 <= micros as f64 * 1.02 + 1.0, "{micros}");
        }
    }

    #[test]
    fn quantiles_count_from_below() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile(0.5), None);
        for micros in 1..=50 {
            histogram.add(micros);
        }
        histogram.add(3_000_000);
        assert_eq!(histogram.quantile(0.0), Some(1));
        assert_eq!(histogram.quantile(0.5), Some(26));
        assert!(histogram.quantile(1.0) >= Some(3_000_000));
    }
}
