//! Values that the panels follow: signals, the effects that run again when a signal they read has
//! changed, and owners, with which what was made for a part of the page ends.
//!
//! It is what the panels need of Leptos' signals, by the same names, on the page's one thread. Leptos' own
//! are for many threads and for servers too: that was 15 kB of the page.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::mem;
use std::rc::Rc;

use crate::browser::queue_microtask;

/// A value that others follow. It lives as long as the page, so signals are made once, not for each row
/// that is shown.
pub struct RwSignal<T: 'static>(&'static Inner<T>);

struct Inner<T> {
    value: RefCell<T>,
    followers: Followers,
}

/// The effects that read a signal when they last ran.
#[derive(Default)]
struct Followers(RefCell<Vec<Rc<Effect>>>);

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T> RwSignal<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> Self {
        let (value, followers) = (RefCell::new(value), Followers::default());
        Self(Box::leak(Box::new(Inner { value, followers })))
    }

    /// Looks at the value; an effect that does so follows it.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.0.followers.add_running();
        self.with_untracked(look)
    }

    /// Looks at the value as it is now.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.0.value.borrow())
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        change(&mut self.0.value.borrow_mut());
        self.0.followers.wake();
    }

    /// Replaces the value.
    pub fn set(self, value: T) {
        self.update(|old| *old = value);
    }
}

impl<T: Clone> RwSignal<T> {
    /// The value; an effect that asks for it follows it.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

impl Followers {
    fn add_running(&'static self) {
        let Some(effect) = RUNNING.with_borrow(Clone::clone) else { return };
        let mut followers = self.0.borrow_mut();
        if !followers.iter().any(|it| Rc::ptr_eq(it, &effect)) {
            effect.follows.borrow_mut().push(self);
            followers.push(effect);
        }
    }

    fn wake(&self) {
        for effect in self.0.borrow().iter() {
            if !effect.is_due.replace(true) {
                DUE.with_borrow_mut(|due| due.push(Rc::clone(effect)));
                if !IS_WOKEN.replace(true) {
                    queue_microtask(run_due);
                }
            }
        }
    }
}

thread_local! {
    /// The effect that runs now.
    static RUNNING: RefCell<Option<Rc<Effect>>> = const { RefCell::new(None) };
    /// The owner of what is made now.
    static OWNER: RefCell<Option<Owner>> = const { RefCell::new(None) };
    /// What is to be run again, in the order in which it was woken.
    static DUE: RefCell<Vec<Rc<Effect>>> = const { RefCell::new(Vec::new()) };
    /// Whether the browser was asked to come back for those.
    static IS_WOKEN: Cell<bool> = const { Cell::new(false) };
}

/// Something that is done at once, and again whenever a signal that it read has changed.
struct Effect {
    run: RefCell<Box<dyn FnMut()>>,
    follows: RefCell<Vec<&'static Followers>>,
    is_due: Cell<bool>,
    is_over: Cell<bool>,
    /// Of what is made in a run; it ends with the next one.
    owner: Owner,
}

impl Effect {
    fn run(self: &Rc<Self>) {
        self.is_due.set(false);
        if self.is_over.get() {
            return;
        }
        self.forget();
        let outer = RUNNING.replace(Some(Rc::clone(self)));
        self.owner.with(|| (self.run.borrow_mut())());
        RUNNING.set(outer);
    }

    /// Ends what the last run made, and follows nothing.
    fn forget(&self) {
        self.owner.cleanup();
        for followed in self.follows.take() {
            followed.0.borrow_mut().retain(|it| !std::ptr::eq(&raw const **it, self));
        }
    }
}

fn run_due() {
    IS_WOKEN.set(false);
    for effect in DUE.take() {
        effect.run();
    }
}

/// Runs at once, and again whenever a signal it read has changed, for as long as the owner lives.
pub(crate) fn effect(run: Box<dyn FnMut()>) {
    let effect = Rc::new(Effect {
        run: RefCell::new(run),
        follows: RefCell::default(),
        is_due: Cell::new(false),
        is_over: Cell::new(false),
        owner: Owner::new(),
    });
    effect.run();
    keep(Running(effect));
}

/// An effect for as long as it is kept.
struct Running(Rc<Effect>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.is_over.set(true);
        self.0.forget();
    }
}

/// Looks at signals without following them.
pub(crate) fn untrack<R>(look: impl FnOnce() -> R) -> R {
    let outer = RUNNING.take();
    let seen = look();
    RUNNING.set(outer);
    seen
}

/// What was made together, and ends together: with [`Owner::cleanup`], or when the owner is dropped.
#[derive(Clone)]
pub(crate) struct Owner(Rc<RefCell<Vec<Box<dyn Any>>>>);

impl Owner {
    /// One that owns nothing yet.
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    /// Makes something that this one owns.
    pub(crate) fn with<R>(&self, make: impl FnOnce() -> R) -> R {
        let outer = OWNER.replace(Some(self.clone()));
        let made = make();
        OWNER.set(outer);
        made
    }

    /// Ends all that it owns.
    pub(crate) fn cleanup(&self) {
        // Taken out first: what ends may look at its owner.
        drop(self.0.take());
    }
}

/// Keeps something for as long as the owner of what is made now lives; without one, as long as the page.
pub(crate) fn keep(value: impl Any) {
    let value: Box<dyn Any> = Box::new(value);
    match OWNER.with_borrow(Clone::clone) {
        Some(owner) => owner.0.borrow_mut().push(value),
        None => mem::forget(value),
    }
}

/// Something that is called from many places; it lives as long as the page.
pub struct Callback<T: 'static>(&'static dyn Fn(T));

impl<T> Clone for Callback<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Callback<T> {}

impl<T> Callback<T> {
    /// What calls `call`.
    pub fn new(call: impl Fn(T) + 'static) -> Self {
        Self(Box::leak(Box::new(call)))
    }

    /// Calls it.
    pub fn run(self, value: T) {
        (self.0)(value);
    }
}
