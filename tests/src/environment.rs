//! What can be asked of the tests from outside: longer runs, by numbers in the environment.

/// The number in an environment variable, or `otherwise` if it is not set.
pub fn number_from(variable: &str, otherwise: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => otherwise,
    }
}
