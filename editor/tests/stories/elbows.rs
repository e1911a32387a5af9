//! Elbow arrows of which pieces are dragged by hand.

use editor::{Command, Input, Preview, ScreenPoint, TextInput, Tool};
use shared::board::Board;
use shared::element::{Arrow, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;

use crate::arrows::{corners_of, others_see, with_elbow};
use crate::hand::Hand;

/// The handle on a piece that lies nearest to a place, and where it is.
fn handle_near(hand: &Hand, at: (f64, f64)) -> Option<(f64, f64)> {
    let all = hand.editor.point_handles(&hand.board).into_iter();
    let pieces = all.filter(|(it, _)| it.is_piece).map(|(_, place)| place);
    let off = |place: &BoardPoint| place.distance(BoardPoint::new(at.0, at.1));
    pieces.min_by(|a, b| off(a).total_cmp(&off(b))).map(|place| (place.x, place.y))
}

/// Across and down only, never back, and through neither of the boxes.
#[track_caller]
fn expect_around(hand: &Hand, id: &ElementId, boxes: &[ElementId]) {
    let points = scene::corners(hand.board.element(id).unwrap());
    for ends in points.windows(3) {
        let way = |a: BoardPoint, b: BoardPoint| (b.x - a.x, b.y - a.y);
        let ((ax, ay), (bx, by)) = (way(ends[0], ends[1]), way(ends[1], ends[2]));
        assert!((ax * bx + ay * by).abs() < 0.1, "no corner: {points:?}");
    }
    for id in boxes {
        let inner = hand.geometry(id).bounds().inflated(-0.5);
        let crosses =
            |ends: &[BoardPoint]| Bounds::from_corners(ends[0], ends[1]).intersects(inner);
        assert!(!points.windows(2).any(crosses), "{points:?} goes through {inner:?}");
    }
}

#[test]
fn a_piece_that_is_dragged_past_a_box_turns_the_arrow_to_its_other_side() {
    let (mut hand, id, boxes) = with_elbow();
    let before = corners_of(&hand, &id);
    hand.press(350.0, 250.0).move_to(300.0, 250.0).move_to(40.0, 250.0);
    let past = [(94, 150), (40, 150), (40, 350), (494, 350)];
    // Others see what it will be, and so does who drags it.
    let mut own = Preview::default();
    hand.editor.show_preview(&hand.board, &mut own);
    for seen in [own, others_see(&hand)] {
        let shown = seen.drafts.iter().find_map(|it| match &it.shape {
            Shape::Arrow(Arrow { path, .. }) => Some(path.points.clone()),
            _ => None,
        });
        let shown: Vec<_> =
            shown.unwrap().iter().map(|at| (at.x.round() as i32, at.y.round() as i32)).collect();
        assert_eq!(shown, past);
        let arrow = hand.board.element(&id).unwrap();
        assert_eq!(seen.seen_at(arrow).x.round(), 40.0, "its frame is where it is seen");
    }
    // Back again while it is held: as it was.
    hand.move_to(280.0, 250.0);
    assert_eq!(corners_of(&hand, &id), before, "nothing is written yet");
    hand.move_to(40.0, 250.0).release(40.0, 250.0);
    assert_eq!(corners_of(&hand, &id), past);
    expect_around(&hand, &id, &boxes);
    // On beyond the other box: its right side, and the first one's again.
    let at = handle_near(&hand, (40.0, 250.0)).unwrap();
    hand.drag(at, (680.0, at.1));
    assert_eq!(corners_of(&hand, &id), [(206, 150), (680, 150), (680, 350), (606, 350)]);
    // A box that is moved past the piece turns it, too.
    hand.key("Escape").drag((510.0, 310.0), (730.0, 310.0));
    assert_eq!(corners_of(&hand, &id), [(206, 150), (680, 150), (680, 350), (714, 350)]);
    hand.command(Command::Undo).command(Command::Undo);
    assert_eq!(corners_of(&hand, &id), past);
    hand.command(Command::Undo);
    assert_eq!(corners_of(&hand, &id), before);
    hand.command(Command::Redo);
    assert_eq!(corners_of(&hand, &id), past);
}

#[test]
fn the_label_stays_on_an_arrow_that_turns_to_the_other_side() {
    let (mut hand, id, _) = with_elbow();
    hand.input(Input::DoubleClick(ScreenPoint::new(350.0, 250.0)));
    hand.input(crate::typed("maybe")).input(Input::Text(TextInput::Done));
    hand.key("Escape").click(350.0, 200.0);
    let at = handle_near(&hand, (350.0, 250.0)).unwrap();
    hand.drag(at, (20.0, at.1));
    assert_eq!(corners_of(&hand, &id)[0], (94, 150));
    let arrow = hand.board.element(&id).unwrap();
    let center = scene::label_box(arrow).unwrap().center();
    let texts = hand.elements();
    let label = texts.iter().find(|it| matches!(it.shape, Shape::Text(_))).unwrap();
    let label = label.geometry.center();
    assert!(center.distance(label) < 0.5, "{center:?} {label:?}");
    let points = scene::corners(arrow);
    let is_on = points
        .windows(2)
        .any(|ends| Bounds::from_corners(ends[0], ends[1]).inflated(0.1).contains_point(label));
    assert!(is_on, "{label:?} {points:?}");
}

#[test]
fn the_first_and_the_last_piece_slide_along_the_sides_of_what_they_end_at() {
    let (mut hand, id, boxes) = with_elbow();
    hand.drag((278.0, 150.0), (278.0, 120.0));
    assert_eq!(corners_of(&hand, &id), [(206, 120), (350, 120), (350, 350), (494, 350)]);
    let at = handle_near(&hand, (420.0, 350.0)).unwrap();
    hand.drag(at, (at.0, 380.0));
    let slid = [(206, 120), (350, 120), (350, 380), (494, 380)];
    assert_eq!(corners_of(&hand, &id), slid);
    let Shape::Arrow(arrow) = &hand.board.element(&id).unwrap().shape else { panic!() };
    assert!(arrow.fixed.is_empty(), "it stays at that place of the box, wherever this goes");
    hand.key("Escape").drag((510.0, 310.0), (510.0, 210.0));
    assert_eq!(corners_of(&hand, &id)[3], (494, 280));
    assert_eq!(hand.geometry(&boxes[1]).y, 200.0);
    hand.command(Command::Undo);
    assert_eq!(corners_of(&hand, &id), slid);
    hand.command(Command::Undo).command(Command::Undo);
    assert_eq!(corners_of(&hand, &id)[0], (206, 150));
}

#[test]
fn an_arrow_that_runs_straight_slides_at_both_ends() {
    let mut hand = Hand::new();
    hand.given_boxes(&[[100.0, 100.0, 100.0, 100.0], [500.0, 100.0, 100.0, 100.0]]);
    hand.pick(Tool::Arrow);
    let is_elbow = shared::element::StylePatch { is_elbow: Some(true), ..Default::default() };
    hand.input(Input::Restyle(is_elbow)).drag((150.0, 150.0), (550.0, 150.0));
    let id = hand.editor.selection().next().unwrap().clone();
    assert_eq!(corners_of(&hand, &id), [(206, 150), (494, 150)]);
    hand.drag((350.0, 150.0), (350.0, 120.0));
    assert_eq!(corners_of(&hand, &id), [(206, 120), (494, 120)]);
    // Beyond both boxes it is laid there, and led to from above.
    hand.drag((350.0, 120.0), (350.0, 20.0));
    let over = corners_of(&hand, &id);
    assert!(over.windows(2).any(|ends| ends[0].1 == 20 && ends[1].1 == 20), "{over:?}");
}

/// Two people drag pieces of one arrow anywhere, and what it is bound to, without hearing of each other for a while.
#[test]
fn whoever_drags_its_pieces_all_see_the_arrow_around_the_boxes() {
    let mut rng = fastrand::Rng::with_seed(11);
    for round in 0..40 {
        let (mut hand, id, boxes) = with_elbow();
        let mut other = Hand::of(2);
        exchange(&mut hand, &mut other.board);
        for _ in 0..4 {
            for hand in [&mut hand, &mut other] {
                let anywhere = |rng: &mut fastrand::Rng| (rng.f64() * 1000.0, rng.f64() * 800.0);
                if rng.bool() {
                    let n = rng.usize(..2);
                    let at = anywhere(&mut rng);
                    // Apart from each other, so that there is a way between them.
                    let to = (at.0 / 3.0 + 700.0 * n as f64, at.1);
                    let place = Geometry { x: to.0, y: to.1, ..hand.geometry(&boxes[n]) };
                    hand.board.place(&[(boxes[n].clone(), place)]);
                    hand.input(Input::BoardChanged);
                }
                let points = scene::corners(hand.board.element(&id).unwrap());
                let piece = rng.usize(..points.len() - 1);
                let middle = points[piece].middle(points[piece + 1]);
                hand.pick(Tool::Select).key("Escape").click(middle.x, middle.y);
                let before = hand.geometry(&boxes[0]);
                if let Some(at) = handle_near(hand, (middle.x, middle.y)) {
                    hand.drag(at, anywhere(&mut rng));
                    assert_eq!(hand.geometry(&boxes[0]), before);
                }
            }
            exchange(&mut hand, &mut other.board);
        }
        assert!(hand.board.elements().eq(other.board.elements()), "round {round}");
        let Shape::Arrow(arrow) = &hand.board.element(&id).unwrap().shape else { panic!() };
        assert!(arrow.start.is_some() && arrow.end.is_some());
        if arrow.fixed.len() < 2 {
            expect_around(&hand, &id, &boxes);
        }
    }
}

/// Each hears of what the other one did.
fn exchange(hand: &mut Hand, other: &mut Board) {
    let mine = hand.board.diff(&other.state_vector()).unwrap();
    let theirs = other.diff(&hand.board.state_vector()).unwrap();
    other.apply_remote(&mine).unwrap();
    hand.board.apply_remote(&theirs).unwrap();
    hand.input(Input::BoardChanged);
}
