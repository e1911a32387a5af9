//! The board document as people use it: writing, merging, undoing.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use shared::board::{Board, Change, Replica, Restack};
use shared::color::Color;
use shared::element::{
    Arrow, Binding, Brush, Crop, Frame, Head, Heads, Image, Ink, NewElement, Path, Shape, Style,
    StylePatch, Text, VerticalAlign,
};
use shared::geometry::{BoardPoint, Bounds, Flip, Geometry};
use shared::id::{ClientId, ElementId, FileId};
use shared::ink::{InkPoint, Quantum, Spans};
use shared::limits::UPDATE_MAX_BYTES;
use shared::scan::split_update;

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

/// Hands each board's new edits to all the others.
#[track_caller]
fn sync(boards: &mut [&mut Board]) {
    for from in 0..boards.len() {
        for update in boards[from].take_updates() {
            for to in (0..boards.len()).filter(|&to| to != from) {
                boards[to].apply_remote(&update).unwrap();
            }
        }
    }
}

fn rectangle(x: f64) -> NewElement {
    let geometry = Geometry { x, y: 0.0, w: 100.0, h: 50.0, angle: 0.0, ..Geometry::default() };
    NewElement::new(Some(geometry), Style::default(), Shape::Rectangle)
}

fn text(value: &str) -> NewElement {
    let text = Text {
        value: value.into(),
        lines: value.split('\n').map(Into::into).collect(),
        size: 20.0,
        font: shared::element::Font::Hand,
        align: shared::element::Align::Left,
        ..Text::default()
    };
    NewElement::new(Some(Geometry::default()), Style::default(), Shape::Text(text))
}

fn named(new: impl Iterator<Item = NewElement>) -> Vec<(ElementId, NewElement)> {
    new.enumerate().map(|(at, new)| (ElementId::of_number(at), new)).collect()
}

fn ink_point(x: f64, y: f64) -> InkPoint {
    InkPoint { at: BoardPoint::new(x, y), pressure: 0.5 }
}

fn kinds(board: &Board) -> Vec<String> {
    board.elements().map(|e| e.shape.kind().into()).collect()
}

#[test]
fn two_people_change_different_properties_of_one_element() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = ann.insert(rectangle(0.0));
    sync(&mut [&mut ann, &mut bob]);

    let red = StylePatch { stroke: Some(Color::rgb(0xe03131)), ..StylePatch::default() };
    ann.restyle(std::slice::from_ref(&id), &red);
    let moved = ann.element(&id).unwrap().geometry.moved(10.0, 5.0);
    bob.place(&[(id.clone(), moved)]);
    sync(&mut [&mut ann, &mut bob]);

    for board in [&ann, &bob] {
        let element = board.element(&id).unwrap();
        assert_eq!(element.geometry, moved);
        assert_eq!(element.style.stroke, Color::rgb(0xe03131));
    }
}

#[test]
fn undo_takes_back_ones_own_steps_only() {
    let (mut ann, mut bob) = (board(1), board(2));
    let hers = ann.insert(rectangle(0.0));
    sync(&mut [&mut ann, &mut bob]);
    let his = bob.insert(rectangle(200.0));
    sync(&mut [&mut ann, &mut bob]);

    assert!(ann.undo());
    sync(&mut [&mut ann, &mut bob]);
    for board in [&ann, &bob] {
        assert!(board.element(&hers).is_none());
        assert!(board.element(&his).is_some());
    }
    assert!(!ann.undo(), "she has nothing more to take back");
    assert!(ann.redo());
    sync(&mut [&mut ann, &mut bob]);
    assert_eq!(bob.element(&hers).unwrap().geometry.w, 100.0);
}

#[test]
fn undo_leaves_a_property_that_somebody_changed_since() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = bob.insert(rectangle(0.0));
    sync(&mut [&mut ann, &mut bob]);
    let color = |c| StylePatch { stroke: Some(Color::rgb(c)), ..StylePatch::default() };
    ann.restyle(std::slice::from_ref(&id), &color(0xff0000));
    sync(&mut [&mut ann, &mut bob]);
    bob.restyle(std::slice::from_ref(&id), &color(0x0000ff));
    sync(&mut [&mut ann, &mut bob]);

    assert!(!ann.undo(), "nothing of hers is left to take back");
    sync(&mut [&mut ann, &mut bob]);
    for board in [&ann, &bob] {
        assert_eq!(board.element(&id).unwrap().style.stroke, Color::rgb(0x0000ff));
    }
}

#[test]
fn undo_of_an_overridden_step_does_not_reach_for_the_one_before() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = ann.insert(rectangle(0.0));
    ann.begin_step();
    ann.place(&[(id.clone(), Geometry { x: 10.0, ..Geometry::default() })]);
    sync(&mut [&mut ann, &mut bob]);
    let his = Geometry { x: 20.0, w: 5.0, h: 5.0, ..Geometry::default() };
    bob.place(&[(id.clone(), his)]);
    sync(&mut [&mut ann, &mut bob]);

    for _ in 0..3 {
        assert!(!ann.undo(), "her move is overridden, and her shape is what he works on");
        sync(&mut [&mut ann, &mut bob]);
        assert_eq!(bob.element(&id).unwrap().geometry, his);
        assert_eq!(ann.element(&id).unwrap().geometry, his);
    }
    let later = ann.insert(rectangle(300.0));
    assert!(ann.undo());
    assert!(ann.element(&later).is_none() && ann.element(&id).is_some());
}

#[test]
fn what_is_brought_back_is_whole_though_others_changed_it_while_it_was_taken_away() {
    let (mut ann, mut ben) = (board(1), board(2));
    let ids = [ann.insert(rectangle(0.0)), ann.insert(text("a"))];
    ann.restack(&ids[..1], Restack::ToFront);
    sync(&mut [&mut ann, &mut ben]);
    let before: Vec<_> = ben.elements().cloned().collect();
    let moved =
        |id: &ElementId| (id.clone(), Change::Place(Geometry { x: 70.0, ..Geometry::default() }));
    ann.change(&ids.iter().map(moved).collect::<Vec<_>>());
    ann.restack(&ids[..1], Restack::ToBack);
    ben.begin_step();
    ben.delete(&ids);
    sync(&mut [&mut ann, &mut ben]);
    assert_eq!(kinds(&ann).len(), 0);
    for _ in 0..2 {
        assert!(ben.undo());
        sync(&mut [&mut ann, &mut ben]);
        for board in [&ann, &ben] {
            assert_eq!(board.elements().cloned().collect::<Vec<_>>(), before);
        }
        assert!(ben.redo());
        assert_eq!(kinds(&ben).len(), 0);
    }
}

#[test]
fn what_was_changed_and_taken_away_in_one_step_comes_back_as_it_was_before() {
    let mut ann = board(1);
    let id = ann.insert(rectangle(0.0));
    let before = ann.element(&id).unwrap().clone();
    ann.begin_step();
    let red = StylePatch { stroke: Some(Color::rgb(0xe03131)), ..StylePatch::default() };
    ann.restyle(std::slice::from_ref(&id), &red);
    ann.delete(std::slice::from_ref(&id));
    for _ in 0..3 {
        assert!(ann.undo());
        assert_eq!(ann.element(&id), Some(&before));
        assert!(ann.redo());
        assert!(ann.element(&id).is_none());
    }
}

#[test]
fn undo_does_not_take_away_a_text_that_others_wrote_into() {
    let (mut ann, mut bob) = (board(1), board(2));
    let earlier = ann.insert(rectangle(0.0));
    ann.begin_step();
    let id = ann.insert(text("by ann"));
    sync(&mut [&mut ann, &mut bob]);
    bob.set_text(&id, "by ann and bob", &["by ann and bob".into()], Geometry::default());
    sync(&mut [&mut ann, &mut bob]);
    assert!(!ann.undo());
    sync(&mut [&mut ann, &mut bob]);
    for board in [&ann, &bob] {
        let Shape::Text(text) = &board.element(&id).unwrap().shape else { panic!("no text") };
        assert_eq!(text.value, "by ann and bob");
    }
    assert!(ann.undo(), "the step before is her own alone");
    assert!(ann.element(&earlier).is_none() && ann.element(&id).is_some());
}

/// As when somebody empties a text and leaves it.
#[test]
fn what_was_changed_and_taken_away_in_one_step_comes_back_for_all() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = ann.insert(rectangle(0.0));
    let before = ann.element(&id).cloned();
    sync(&mut [&mut ann, &mut bob]);
    ann.begin_step();
    let small = Geometry { w: 1.0, h: 1.0, ..Geometry::default() };
    ann.place(&[(id.clone(), small)]);
    ann.delete(std::slice::from_ref(&id));
    sync(&mut [&mut ann, &mut bob]);
    for _ in 0..2 {
        assert!(ann.undo());
        sync(&mut [&mut ann, &mut bob]);
        assert_eq!((ann.element(&id), bob.element(&id)), (before.as_ref(), before.as_ref()));
        assert!(ann.redo());
        sync(&mut [&mut ann, &mut bob]);
        assert_eq!((ann.n_elements(), bob.n_elements()), (0, 0));
        assert!(!ann.redo());
    }
    assert!(ann.undo() && ann.undo() && !ann.undo());
    sync(&mut [&mut ann, &mut bob]);
    assert_eq!((ann.n_elements(), bob.n_elements()), (0, 0));
}

#[test]
fn a_deleted_stroke_comes_back_whole() {
    let mut ann = board(1);
    let ink = Ink { points: vec![ink_point(1.0, 2.0)], has_pressure: false, ..Ink::default() };
    let id = ann.insert(NewElement::new(None, Style::default(), Shape::Ink(ink)));
    for x in 2..5 {
        assert!(ann.append_ink(&id, &[ink_point(x.into(), 2.0)], Quantum::NORMAL, false));
    }
    let n_points = |board: &Board| match &board.element(&id)?.shape {
        Shape::Ink(ink) => Some(ink.points.len()),
        _ => None,
    };
    assert_eq!(n_points(&ann), Some(4));
    ann.begin_step();
    ann.delete(std::slice::from_ref(&id));
    assert_eq!(n_points(&ann), None);
    ann.undo();
    assert_eq!(n_points(&ann), Some(4));
    ann.undo();
    assert_eq!(n_points(&ann), None, "a stroke with all its chunks is one step");
}

#[test]
fn two_people_type_in_one_text() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = ann.insert(text("one 🦀 three"));
    sync(&mut [&mut ann, &mut bob]);
    let set = |board: &mut Board, value: &str| {
        board.set_text(&id, value, &[value.into()], Geometry::default());
    };
    set(&mut ann, "zero one 🦀 three");
    set(&mut bob, "one 🦀 two three");
    sync(&mut [&mut ann, &mut bob]);
    for board in [&ann, &bob] {
        let Shape::Text(text) = &board.element(&id).unwrap().shape else { panic!("no text") };
        assert_eq!(text.value, "zero one 🦀 two three");
        assert_eq!(text.lines, std::slice::from_ref(&text.value));
    }
}

#[test]
fn elements_move_in_the_stack() {
    let mut ann = board(1);
    let ids: Vec<ElementId> = (0..5).map(|i| ann.insert(rectangle(f64::from(i)))).collect();
    let check = |ann: &mut Board, chosen: &[usize], to: Restack, expected: [usize; 5]| {
        let chosen: Vec<_> = chosen.iter().map(|&i| ids[i].clone()).collect();
        ann.restack(&chosen, to);
        let order: Vec<_> =
            ann.elements().map(|e| ids.iter().position(|id| *id == e.id).unwrap()).collect();
        assert_eq!(order, expected, "{to:?}");
    };
    check(&mut ann, &[0, 2], Restack::ToFront, [1, 3, 4, 0, 2]);
    check(&mut ann, &[4], Restack::ToBack, [4, 1, 3, 0, 2]);
    check(&mut ann, &[1], Restack::Forward, [4, 3, 1, 0, 2]);
    check(&mut ann, &[0], Restack::Backward, [4, 3, 0, 1, 2]);
    check(&mut ann, &[2], Restack::Forward, [4, 3, 0, 1, 2]);
    check(&mut ann, &[4], Restack::Backward, [4, 3, 0, 1, 2]);
}

#[test]
fn a_large_import_comes_in_messages_that_fit() {
    let mut ann = board(1);
    let stroke = |i: u32| {
        let points = (0..3_000).map(|k| ink_point(f64::from(i * k % 97), f64::from(k))).collect();
        NewElement::new(
            None,
            Style::default(),
            Shape::Ink(Ink { points, has_pressure: false, ..Ink::default() }),
        )
    };
    ann.insert_copies(named((0..400).map(stroke)));
    let updates = ann.take_updates();
    let largest = updates.iter().map(Vec::len).max().unwrap();
    assert!(updates.len() > 1 && largest < shared::limits::FRAME_MAX_BYTES / 2, "{largest}");
    let mut replica = Replica::default();
    for update in &updates {
        replica.take(update).unwrap();
    }
    assert_eq!(replica.elements().len(), 400);
    assert!(ann.undo());
    assert_eq!(ann.n_elements(), 0, "an import is one step");
}

#[test]
fn bringing_back_half_a_board_comes_in_messages_that_fit() {
    let mut ann = board(1);
    let stroke = |i: u32| {
        let points = (0..3_000).map(|k| ink_point(f64::from(i * k % 97), f64::from(k))).collect();
        NewElement::new(
            None,
            Style::default(),
            Shape::Ink(Ink { points, has_pressure: true, ..Ink::default() }),
        )
    };
    let ids = ann.insert_copies(named((0..600).map(stroke)));
    ann.begin_step();
    ann.delete(&ids);
    let mut replica = Replica::default();
    for update in ann.take_updates() {
        replica.take(&update).unwrap();
    }
    assert!(replica.elements().is_empty());

    assert!(ann.undo());
    let updates = ann.take_updates();
    let total: usize = updates.iter().map(Vec::len).sum();
    assert!(total > shared::limits::FRAME_MAX_BYTES, "{total} bytes need no parts");
    assert!(updates.iter().all(|update| update.len() <= UPDATE_MAX_BYTES));
    for update in &updates {
        let checked = replica.check(update).unwrap();
        assert_eq!((checked.authors(), checked.trimmed()), (&[ann.author()][..], None));
        replica.apply(checked).unwrap();
    }
    let shown: Vec<_> = ann.elements().map(|it| it.as_ref().clone()).collect();
    assert_eq!(replica.elements(), shown);
}

#[test]
fn an_edit_that_adds_and_takes_away_too_much_for_a_message_is_whole_in_its_parts() {
    let mut ann = board(1);
    let ids: Vec<_> = (0..40).map(|i| ann.insert(text(&"ñ".repeat(i)))).collect();
    ann.restack(&ids[..20], Restack::ToFront);
    ann.delete(&ids[30..]);
    let whole = ann.diff(&[]).unwrap();
    let of_parts = |max: usize| {
        let mut replica = Replica::default();
        for part in split_update(whole.clone(), max) {
            replica.take(&part).unwrap();
        }
        replica.diff(&[]).unwrap()
    };
    for max in [50, 300, 3_000] {
        assert!(of_parts(max) == of_parts(whole.len()), "in parts of {max} bytes");
    }
}

#[test]
fn a_replica_tells_news_from_what_it_has() {
    let mut ann = board(7);
    ann.insert(rectangle(0.0));
    let update = ann.take_updates().remove(0);
    let mut replica = Replica::default();
    let checked = replica.check(&update).unwrap();
    assert_eq!(checked.authors(), [ann.author()]);
    replica.apply(checked).unwrap();
    let again = replica.check(&update).unwrap();
    assert!(!again.is_news());
    assert!(replica.check(b"nonsense").is_err());
    assert_eq!(replica.elements().len(), 1);
    assert!(replica.knows(ann.author()));
}

#[test]
fn an_update_without_its_predecessor_is_reported_missing() {
    let mut ann = board(7);
    let id = ann.insert(rectangle(0.0));
    ann.place(&[(id, Geometry::default())]);
    let updates = ann.take_updates();
    let mut replica = Replica::default();
    assert!(matches!(replica.take(&updates[1]), Err(shared::board::ReplicaError::Missing)));
}

#[test]
fn unknown_kinds_and_properties_survive_an_edit() {
    let mut ann = board(1);
    let shape = Shape::Unknown("hologram".into());
    let id = ann.insert(NewElement::new(Some(Geometry::default()), Style::default(), shape));
    ann.place(&[(id.clone(), Geometry { x: 3.0, ..Geometry::default() })]);
    assert_eq!(kinds(&ann), ["hologram"]);
    assert_eq!(ann.element(&id).unwrap().geometry.x, 3.0);
}

#[derive(Clone, Debug)]
enum Step {
    Insert,
    Delete(prop::sample::Index),
    Move(prop::sample::Index, f64),
    Undo,
    Redo,
    Sync,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Insert),
        1 => any::<prop::sample::Index>().prop_map(Step::Delete),
        2 => (any::<prop::sample::Index>(), -100.0..100.0).prop_map(|(i, dx)| Step::Move(i, dx)),
        1 => Just(Step::Undo),
        1 => Just(Step::Redo),
        1 => Just(Step::Sync),
    ]
}

proptest! {
    #[test]
    fn boards_converge_whatever_people_do(
        steps in prop::collection::vec((0..3usize, step()), 1..60),
    ) {
        let (mut a, mut b, mut c) = (board(1), board(2), board(3));
        for (who, step) in steps {
            let mut all = [&mut a, &mut b, &mut c];
            let ids: Vec<_> = all[who].elements().map(|e| e.id.clone()).collect();
            let board = &mut *all[who];
            board.begin_step();
            match step {
                Step::Insert => { board.insert(rectangle(0.0)); }
                Step::Delete(i) if !ids.is_empty() => board.delete(&[i.get(&ids).clone()]),
                Step::Move(i, dx) if !ids.is_empty() => {
                    let id = i.get(&ids).clone();
                    let moved = board.element(&id).unwrap().geometry.moved(dx, 0.0);
                    board.place(&[(id, moved)]);
                }
                Step::Delete(_) | Step::Move(..) => {}
                Step::Undo => { board.undo(); }
                Step::Redo => { board.redo(); }
                Step::Sync => sync(&mut all),
            }
        }
        sync(&mut [&mut a, &mut b, &mut c]);
        let shown = |board: &Board| board.elements().map(|e| (**e).clone()).collect::<Vec<_>>();
        prop_assert_eq!(shown(&a), shown(&b));
        prop_assert_eq!(shown(&b), shown(&c));
    }
}

/// One act of one of three people who draw on the same strokes, or two of them hearing of each other.
#[derive(Clone, Debug)]
enum Act {
    Begin,
    Append(usize, u8),
    Move(usize),
    Restyle(usize),
    Delete(usize),
    Undo,
    Redo,
    Hear(usize, bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        1 => Just(Act::Begin),
        8 => (0..4usize, 0..6u8).prop_map(|(stroke, n)| Act::Append(stroke, n)),
        1 => (0..4usize).prop_map(Act::Move),
        1 => (0..4usize).prop_map(Act::Restyle),
        1 => (0..4usize).prop_map(Act::Delete),
        1 => Just(Act::Undo),
        1 => Just(Act::Redo),
        4 => (0..3usize, any::<bool>()).prop_map(|(from, is_together)| Act::Hear(from, is_together)),
    ]
}

proptest! {
    #[test]
    fn a_stroke_that_grows_is_what_reading_all_of_it_gives(
        acts in prop::collection::vec((0..3usize, act()), 1..80),
    ) {
        let mut boards = [board(1), board(2), board(3)];
        let mut strokes = Vec::new();
        for (who, act) in acts {
            let stroke = |n: usize, all: &[ElementId]| all.get(n % all.len().max(1)).cloned();
            let me = &mut boards[who];
            match act {
                Act::Begin => {
                    me.begin_step();
                    let none = Shape::Ink(Ink::default());
                    strokes.push(me.insert(NewElement::new(None, Style::default(), none)));
                }
                Act::Append(n, length) => if let Some(id) = stroke(n, &strokes) {
                    let at = |i: u8| ink_point(f64::from(i) * 3.0 + who as f64, f64::from(length));
                    let points: Vec<_> = (0..length).map(at).collect();
                    me.append_ink(&id, &points, Quantum::NORMAL, length == 5);
                },
                Act::Move(n) => if let Some(id) = stroke(n, &strokes)
                    && let Some(place) = me.element(&id).map(|it| it.geometry.moved(5.0, 5.0)) {
                    me.place(&[(id, place)]);
                },
                Act::Restyle(n) => if let Some(id) = stroke(n, &strokes) {
                    let red = StylePatch { stroke: Some(Color::rgb(0xe03131)), ..StylePatch::default() };
                    me.restyle(&[id], &red);
                },
                Act::Delete(n) => if let Some(id) = stroke(n, &strokes) {
                    me.begin_step();
                    me.delete(&[id]);
                },
                Act::Undo => { me.undo(); }
                Act::Redo => { me.redo(); }
                Act::Hear(from, is_together) => {
                    // All at once, or in as many updates as there were.
                    let all = boards[from].diff(&boards[who].state_vector()).unwrap();
                    let parts = if is_together { vec![all] } else { split_update(all, 40) };
                    for part in parts {
                        boards[who].apply_remote(&part).unwrap();
                    }
                }
            }
            for board in &boards {
                let mut read = Replica::default();
                read.take(&board.diff(&[]).unwrap()).unwrap();
                let kept: Vec<_> = board.elements().map(|it| (**it).clone()).collect();
                prop_assert_eq!(kept, read.elements());
            }
        }
    }
}

#[test]
fn whatever_an_element_is_it_is_read_as_it_was_written() {
    let path = Path { points: vec![BoardPoint::new(1.0, 2.0), BoardPoint::new(-3.5, 4.0)] };
    let natural = Some(Geometry::over(path.bounds()));
    let target = ElementId::parse("target").unwrap();
    let bound = Binding { element: target.clone(), at: (0.25, 1.0), gap: 4.0 };
    let heads = Heads { start: Head::CrowfootMany, end: Head::DotOutline };
    let arrow = Arrow {
        path,
        heads,
        is_elbow: true,
        start: Some(bound),
        fixed: vec![0],
        ..Arrow::default()
    };
    let crop = Crop::new(Bounds { x0: 0.1, y0: 0.25, x1: 0.7, y1: 1.0 }).unwrap();
    let image = Image { file: FileId::of_digest([0xa5; 32]), natural: (64.0, 48.0), crop };
    let text = Text {
        value: "one two".into(),
        lines: vec!["one".into(), "two".into()],
        vertical: VerticalAlign::Bottom,
        wraps: true,
        container: Some(target.clone()),
        ..Text::default()
    };
    let ink =
        Ink { points: vec![], has_pressure: false, brush: Brush::Highlighter, ..Ink::default() };
    let shapes = [
        Shape::Triangle,
        Shape::Note,
        Shape::Frame(Frame { name: "Plan".into() }),
        Shape::Image(image),
        Shape::Arrow(arrow),
        Shape::Text(text),
        Shape::Ink(ink),
    ];
    let flip = Flip { across: true, down: false };
    let (mut ann, mut bob) = (board(1), board(2));
    for shape in shapes {
        let mut new = NewElement::new(natural, Style::default(), shape);
        new.geometry = new.geometry.map(|geometry| Geometry { flip, angle: 0.5, ..geometry });
        (new.frame, new.link) = (Some(target.clone()), Some("#target".into()));
        let id = ann.insert(new.clone());
        sync(&mut [&mut ann, &mut bob]);
        assert_eq!(NewElement::copy_of(bob.element(&id).unwrap()), new);
    }
}

#[test]
fn changes_are_one_transaction_and_one_step() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = ann.insert(rectangle(0.0));
    ann.begin_step();
    ann.take_updates();
    let before = NewElement::copy_of(ann.element(&id).unwrap());
    let frame = ElementId::parse("f").unwrap();
    ann.change(&[
        (id.clone(), Change::Lock(true)),
        (id.clone(), Change::Frame(Some(frame.clone()))),
        (id.clone(), Change::Group(vec!["g".into()])),
        (ElementId::parse("gone").unwrap(), Change::Lock(true)),
        (id.clone(), Change::Link(Some("https://example.org".into()))),
    ]);
    assert_eq!(ann.take_updates().len(), 1);
    sync(&mut [&mut ann, &mut bob]);
    let element = ann.element(&id).unwrap();
    assert!(element.locked && element.groups == ["g"] && element.frame == Some(frame));
    assert!(ann.undo());
    assert_eq!(NewElement::copy_of(ann.element(&id).unwrap()), before);
}

proptest! {
    /// Whatever somebody rubs out of a stretched stroke while somebody else moves the rest: brought back, all of it is as
    /// wide and high as before, and has been moved as far. Strokes run across and down, so that often a straight
    /// piece is left.
    #[test]
    fn what_is_left_of_a_stroke_is_moved_with_what_comes_back(
        steps in prop::collection::vec((any::<bool>(), 1..40i32), 1..6),
        (w, h, angle) in (20.0..400.0f64, 20.0..400.0f64, prop_oneof![Just(0.0), 0.0..6.0f64]),
        (across, down) in any::<(bool, bool)>(),
        rubbed in prop::collection::vec((0u32..400, 1u32..400), 1..4),
        (dx, dy) in (-300..300i32, -300..300i32),
    ) {
        let (mut ann, mut bob) = (board(1), board(2));
        let mut at = (0, 0);
        let mut points = vec![ink_point(0.0, 0.0)];
        for (is_across, way) in steps {
            if is_across { at.0 += way } else { at.1 += way }
            points.push(ink_point(f64::from(at.0), f64::from(at.1)));
        }
        let shape = Shape::Ink(Ink { points, ..Ink::default() });
        let flip = Flip { across, down };
        let place = Geometry { x: 10.0, y: 20.0, w, h, angle, flip };
        // What has no extent is not stretched.
        let natural = shape.natural_bounds().unwrap();
        let place = Geometry {
            w: if natural.width() > 0.0 { w } else { 0.0 },
            h: if natural.height() > 0.0 { h } else { 0.0 },
            ..place
        };
        let id = ann.insert(NewElement::new(Some(place), Style::default(), shape));
        sync(&mut [&mut ann, &mut bob]);
        let whole = ann.element(&id).unwrap().geometry;
        let mut spans = Spans::default();
        rubbed.into_iter().for_each(|(from, n)| spans.add(from..from + n));
        bob.begin_step();
        bob.rub_out(&[(id.clone(), spans)]);
        sync(&mut [&mut ann, &mut bob]);
        prop_assume!(ann.element(&id).is_some());
        let left = ann.element(&id).unwrap().geometry;
        let moved = left.moved(f64::from(dx), f64::from(dy));
        ann.place(&[(id.clone(), moved)]);
        let is = ann.element(&id).unwrap().geometry;
        prop_assert!(is.center().distance(moved.center()) < 0.01, "{is:?} {moved:?}");
        sync(&mut [&mut ann, &mut bob]);
        prop_assert!(bob.undo());
        let (is, expected) =
            (bob.element(&id).unwrap().geometry, whole.moved(f64::from(dx), f64::from(dy)));
        let is_near = (is.w - expected.w).abs() < 0.01 && (is.h - expected.h).abs() < 0.01;
        prop_assert!(is_near && is.center().distance(expected.center()) < 0.01, "{is:?} {expected:?}");
    }
}
