//! What all workers of this process are to be told, whichever pool they are of: those that are at home
//! already hear of it before their next task.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use trace::Home;

/// Counts the notices; 0 while there is none.
static CURRENT: AtomicU64 = AtomicU64::new(0);
static TEXT: Home<(u64, Arc<[u8]>)> = Home::new();

/// From now on workers are told this, in the words of whoever wrote the worker; or nothing.
pub fn announce(text: Option<Arc<[u8]>>) {
    static NOTICES: AtomicU64 = AtomicU64::new(0);
    let number = NOTICES.fetch_add(1, Ordering::Relaxed) + 1;
    let mut current = TEXT.lock();
    CURRENT.store(if text.is_some() { number } else { 0 }, Ordering::Relaxed);
    *current = text.map(|text| (number, text));
}

/// What somebody hasn't been told who was told notice number `told` last. Costs a load where there is
/// nothing new.
pub(crate) fn after(told: &mut u64) -> Option<Arc<[u8]>> {
    let current = CURRENT.load(Ordering::Relaxed);
    if current == 0 || current == *told {
        return None;
    }
    // None in a fork: the notice is its parent's.
    let (number, text) = TEXT.lock().clone()?;
    *told = number;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{after, announce};

    #[test]
    fn each_is_told_once() {
        let (mut one, mut other) = (0, 0);
        assert_eq!(after(&mut one), None);
        announce(Some(b"first".as_slice().into()));
        assert_eq!(after(&mut one).as_deref(), Some(b"first".as_slice()));
        assert_eq!(after(&mut one), None);
        announce(Some(b"second".as_slice().into()));
        assert_eq!(after(&mut one).as_deref(), Some(b"second".as_slice()));
        assert_eq!(after(&mut other).as_deref(), Some(b"second".as_slice()));
        announce(None);
        assert_eq!(after(&mut 0), None);
    }
}
