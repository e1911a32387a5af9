//! What the disk takes for the least that can be kept.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::histogram::Histogram;

const N_APPENDS: usize = 2_000;
const N_BYTES: usize = 200;

/// How long it takes to append some bytes to a file and to sync that.
pub fn appends(folder: &Path) -> Result<Histogram> {
    let mut file = File::create(folder.join("appends"))?;
    let mut waits = Histogram::default();
    for _ in 0..N_APPENDS {
        let began = Instant::now();
        file.write_all(&[7; N_BYTES])?;
        file.sync_data()?;
        waits.add(began.elapsed().as_micros() as u64);
    }
    Ok(waits)
}
