//! Programs of the system that the tests need: installed where that is possible, with Debian's apt-get.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::child;
use crate::progress::announce;

/// Whether [`install`] can be expected to work: there is an apt, and we are root.
pub fn can_install() -> bool {
    let is_root = child::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    is_root && child::on_path("apt-get").is_some() && Path::new("/etc/apt").is_dir()
}

/// Installs packages.
pub fn install(packages: &[&str]) -> Result<()> {
    announce(&format!("installing {} with apt-get", packages.join(" and ")));
    child::run(apt_get().arg("update"))?;
    child::run(apt_get().args(["install", "--yes"]).args(packages))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
