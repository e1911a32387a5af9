//! Real drawings come in whole, and broken ones harm nothing but themselves.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::needless_pass_by_value, reason = "json! at the call reads best by value")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shared::board::Board;
use shared::color::Color;
use shared::element::{
    Align, Arrow, Binding, Crop, Dash, Edges, FillStyle, Font, Frame, Head, NewElement, Shape,
    VerticalAlign,
};
use shared::excalidraw::{
    FILE_MAX_BYTES, FILE_MAX_ELEMENTS, Format, Import, ImportError, Skipped, export, import,
};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ClientId;
use shared::ink::{Quantum, encode_chunk};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn libraries() -> Vec<(String, String)> {
    let files = fs::read_dir(fixtures().join("excalidrawlib")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let mut libraries: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "excalidrawlib"))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    libraries.sort();
    libraries
}

fn board_1000() -> String {
    fs::read_to_string(fixtures().join("boards/board-1000.excalidraw")).unwrap()
}

/// The lists of elements in a file, without any knowledge of the importer.
fn lists(text: &str) -> Vec<Vec<Value>> {
    let file: Value = serde_json::from_str(text).unwrap();
    let items = file.get("libraryItems").or_else(|| file.get("library"));
    let Some(items) = items else { return vec![file["elements"].as_array().unwrap().clone()] };
    let elements = |item: &Value| item.get("elements").unwrap_or(item).as_array().unwrap().clone();
    items.as_array().unwrap().iter().map(elements).collect()
}

fn reach(elements: &[NewElement]) -> Bounds {
    let bounds = elements.iter().map(|element| match element.geometry {
        Some(geometry) => geometry.turned_bounds(),
        None => element.shape.natural_bounds().unwrap(),
    });
    bounds.fold(Bounds::EMPTY, Bounds::union)
}

fn without_ids(import: Import) -> Vec<NewElement> {
    import.elements.into_iter().map(|(_, element)| element).collect()
}

fn board(elements: &Value) -> String {
    json!({ "type": "excalidraw", "version": 2, "elements": elements }).to_string()
}

#[track_caller]
fn only(element: Value) -> NewElement {
    let mut read = import(&board(&json!([element]))).unwrap();
    assert_eq!(read.skipped, []);
    assert_eq!(read.elements.len(), 1);
    read.elements.remove(0).1
}

#[track_caller]
fn check_refused(element: Value, reason: &str) {
    let good = json!({ "type": "ellipse", "x": 1, "y": 2, "width": 3, "height": 4 });
    let read = import(&board(&json!([good, element, good]))).unwrap();
    assert_eq!(read.elements.len(), 2, "the others come in");
    let id = element.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(read.skipped, [Skipped { id, reason: reason.into() }]);
}

#[test]
fn every_element_of_every_library_comes_in() {
    let libraries = libraries();
    assert_eq!(libraries.len(), 15);
    for (name, text) in libraries {
        let Import { elements, skipped } = import(&text).unwrap();
        assert_eq!(skipped, [], "{name}");
        let given: Vec<_> = lists(&text).into_iter().flatten().collect();
        assert_eq!(elements.len(), given.len(), "{name}");
        for (element, given) in elements.iter().zip(&given) {
            let kind = given["type"].as_str().unwrap();
            let kind = if matches!(kind, "freedraw" | "draw") { "ink" } else { kind };
            assert_eq!(element.1.shape.kind(), kind, "{name}");
        }
    }
}

#[test]
fn items_of_a_library_lie_side_by_side() {
    for (name, text) in libraries() {
        let mut elements = without_ids(import(&text).unwrap());
        let mut seen: Vec<Bounds> = Vec::new();
        for list in lists(&text) {
            let item: Vec<_> = elements.drain(..list.len()).collect();
            assert!(
                item.len() == 1 || item.iter().all(|e| !e.groups.is_empty()) || {
                    item.iter().filter(|e| e.groups.is_empty()).count() == 1
                }
            );
            let here = reach(&item);
            assert!(seen.iter().all(|other| !other.intersects(here)), "{name}");
            assert!(here.x1 <= 2000.0 || here.x0 == 0.0, "{name}: {here:?}");
            seen.push(here);
        }
    }
}

#[test]
fn a_board_comes_in_as_it_is() {
    let read = import(&board_1000()).unwrap();
    assert_eq!((read.elements.len(), read.skipped.len()), (1000, 0));
    let given = lists(&board_1000()).remove(0);
    for ((_, element), given) in read.elements.iter().zip(&given) {
        let number = |key: &str| given[key].as_f64().unwrap();
        assert_eq!(element.style.stroke.to_string(), given["strokeColor"].as_str().unwrap());
        assert_eq!(element.style.width, number("strokeWidth"));
        if let Some(Geometry { x, y, w, h, .. }) = element.geometry {
            assert_eq!([x, y, w, h], ["x", "y", "width", "height"].map(number));
        }
        if let Shape::Ink(ink) = &element.shape {
            assert!(ink.has_pressure);
            assert_eq!(ink.points.len(), 50);
            assert_eq!(f64::from(ink.points[7].pressure), {
                f64::from(given["pressures"][7].as_f64().unwrap() as f32)
            });
            let last = given["points"][49].as_array().unwrap();
            let x = number("x") + last[0].as_f64().unwrap();
            assert_eq!(ink.points[49].at.x, x);
        }
    }
}

#[test]
fn ink_of_a_real_board_takes_at_most_four_bytes_a_point() {
    let (mut n_bytes, mut n_points) = (0, 0);
    for element in without_ids(import(&board_1000()).unwrap()) {
        let Shape::Ink(ink) = element.shape else { continue };
        for chunk in ink.points.chunks(60) {
            n_bytes += encode_chunk(chunk, Quantum::NORMAL, true).len();
            n_points += chunk.len();
        }
    }
    assert_eq!(n_points, 25_000);
    let average = n_bytes as f64 / f64::from(n_points as u32);
    println!("{average:.3} bytes a point");
    assert!(average <= 4.0, "{average}");
}

#[test]
fn looks_are_translated() {
    let read = only(json!({
        "type": "rectangle", "x": 1, "y": 2, "width": -30, "height": 40, "angle": -0.5,
        "strokeColor": "#e03131", "backgroundColor": "white", "fillStyle": "cross-hatch",
        "strokeWidth": 4, "strokeStyle": "dotted", "roughness": 2, "opacity": 40,
        "roundness": { "type": 3 }, "groupIds": ["inner", 7, "outer"], "locked": true,
    }));
    let Geometry { x, y, w, h, angle, .. } = read.geometry.unwrap();
    assert_eq!([x, y, w, h], [-29.0, 2.0, 30.0, 40.0]);
    assert!((angle - (std::f64::consts::TAU - 0.5)).abs() < 1e-9);
    assert_eq!(read.style.stroke, Color::rgb(0xe03131));
    assert_eq!(read.style.fill, Color::rgb(0xffffff));
    assert_eq!(read.style.fill_style, FillStyle::CrossHatch);
    assert_eq!((read.style.width, read.style.dash), (4.0, Dash::Dotted));
    assert_eq!((read.style.roughness, read.style.opacity), (2, 0.4));
    assert_eq!(read.style.edges, Edges::Round);
    assert_eq!(read.groups, ["inner", "outer"]);
    assert!(read.locked);
}

#[test]
fn corners_are_round_as_old_and_new_files_say() {
    let edges = |more: Value| {
        let mut element = json!({ "type": "diamond", "x": 0, "y": 0, "width": 9, "height": 9 });
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        only(element).style.edges
    };
    assert_eq!(edges(json!({ "roundness": { "type": 2 } })), Edges::Round);
    assert_eq!(edges(json!({ "roundness": null })), Edges::Sharp);
    assert_eq!(edges(json!({ "strokeSharpness": "round" })), Edges::Round);
    assert_eq!(edges(json!({ "strokeSharpness": "sharp" })), Edges::Sharp);
    assert_eq!(edges(json!({})), Edges::Sharp);
}

#[test]
fn lines_and_arrows_stand_on_the_board() {
    let arrow = only(json!({
        "type": "arrow", "x": 10, "y": 20, "points": [[0, 0], [30, -40.5]],
        "startArrowhead": "circle_outline", "endArrowhead": null,
    }));
    let Shape::Arrow(Arrow { path, heads, .. }) = &arrow.shape else { panic!("{arrow:?}") };
    assert_eq!(path.points, [BoardPoint::new(10.0, 20.0), BoardPoint::new(40.0, -20.5)]);
    assert_eq!((heads.start, heads.end), (Head::DotOutline, Head::None));
    assert_eq!(arrow.geometry, None);

    let line = only(json!({
        "type": "line", "x": 10, "y": 20, "angle": 1.5, "points": [[5, 0], [25, 10], [5, 0]],
    }));
    let wanted = Geometry { x: 15.0, y: 20.0, w: 20.0, h: 10.0, angle: 1.5, ..Geometry::default() };
    assert_eq!(line.geometry, Some(wanted));
}

#[test]
fn pressures_count_only_when_they_were_measured() {
    let ink = |more: Value| {
        let mut element = json!({ "type": "freedraw", "x": 0, "y": 0, "points": [[0, 0], [1, 1]] });
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let Shape::Ink(ink) = only(element).shape else { panic!("it is ink") };
        (ink.has_pressure, ink.points[1].pressure)
    };
    assert_eq!(ink(json!({ "simulatePressure": false, "pressures": [0.25, 0.75] })), (true, 0.75));
    assert_eq!(ink(json!({ "simulatePressure": true, "pressures": [0.25, 0.75] })), (false, 0.5));
    assert_eq!(ink(json!({ "simulatePressure": false, "pressures": [0.25] })), (false, 0.5));
    assert_eq!(ink(json!({ "pressures": ["hard", 9] })), (true, 1.0));
}

#[test]
fn the_oldest_ink_is_a_line_of_even_thickness() {
    let draw = only(json!({
        "type": "draw", "x": 1, "y": 2, "strokeWidth": 3, "points": [[0, 0], [9, 9]],
        "pressures": [0.1, 0.2],
    }));
    let Shape::Ink(ink) = draw.shape else { panic!("it is ink") };
    assert!(ink.has_pressure && ink.points.iter().all(|point| point.pressure == 0.5));
    assert_eq!(draw.style.width, 0.5, "a pen of this width draws a line three units thick");
}

#[test]
fn text_keeps_its_lines_and_what_was_typed() {
    let read = only(json!({
        "type": "text", "x": 0, "y": 0, "width": 50, "height": 50, "fontSize": 28,
        "fontFamily": 3, "textAlign": "center", "text": "a long\nway", "originalText": "a long way",
    }));
    let Shape::Text(text) = read.shape else { panic!("it is text") };
    assert_eq!((text.value.as_str(), text.size), ("a long way", 28.0));
    assert_eq!(text.lines, ["a long", "way"]);
    assert_eq!((text.font, text.align), (Font::Mono, Align::Center));

    let old = only(json!({
        "type": "text", "x": 0, "y": 0, "width": 50, "height": 50, "font": "36px Helvetica",
        "text": "old",
    }));
    let Shape::Text(text) = old.shape else { panic!("it is text") };
    assert_eq!((text.size, text.font, text.value.as_str()), (36.0, Font::Sans, "old"));
}

#[test]
fn groups_of_library_items_stay_apart() {
    let dot = json!({ "type": "ellipse", "x": 5, "y": 5, "width": 10, "height": 10 });
    let mut grouped = dot.clone();
    grouped["groupIds"] = json!(["g"]);
    let library = json!({ "type": "excalidrawlib", "version": 2, "libraryItems": [
        { "id": "1", "elements": [grouped, grouped] },
        { "id": "2", "elements": [grouped, dot, dot] },
        { "id": "3", "elements": [dot] },
        { "id": "empty" },
    ]});
    let read = import(&library.to_string()).unwrap();
    let elements = without_ids(read);
    let groups: Vec<_> = elements.iter().map(|element| element.groups.join(" ")).collect();
    assert_eq!(groups, ["0-g", "0-g", "1-g", "1-item", "1-item", ""]);
    let xs: Vec<_> = elements.iter().map(|e| e.geometry.unwrap().x).collect();
    assert_eq!(xs, [0.0, 0.0, 90.0, 90.0, 90.0, 180.0]);
}

#[test]
fn a_cropped_picture_goes_out_and_comes_in_as_excalidraw_has_it() {
    let file = "ab".repeat(32);
    let crop = |x: Value| json!({ "x": x, "y": 10, "width": 50, "height": 90, "naturalWidth": 200, "naturalHeight": 100 });
    let image = |crop: Value| {
        let element = json!({
            "id": "a", "type": "image", "x": 0, "y": 0, "width": 100, "height": 180, "fileId": file,
            "crop": crop,
        });
        let text = json!({ "type": "excalidraw", "version": 2, "elements": [element] }).to_string();
        let (id, new) = import(&text).unwrap().elements.remove(0);
        new.alone(id)
    };
    let cropped = image(crop(json!(100)));
    let Shape::Image(read) = &cropped.shape else { panic!("it is a picture") };
    let Bounds { x0, y0, x1, y1 } = read.crop.part();
    assert_eq!((read.natural, x0, x1, y1), ((200.0, 100.0), 0.5, 0.75, 1.0));
    assert!((y0 - 0.1).abs() < 1e-6);
    let text = export([&cropped], Format::File);
    let written: Value = serde_json::from_str(&text).unwrap();
    let written = &written["elements"][0]["crop"];
    assert_eq!((&written["x"], &written["naturalWidth"]), (&json!(100.0), &json!(200.0)));
    assert_eq!(import(&text).unwrap().elements[0].1.shape, cropped.shape);
    // What is no part of the picture is not taken for one.
    for broken in [crop(json!(-80)), crop(json!("x")), json!(7), Value::Null] {
        let Shape::Image(read) = image(broken).shape else { panic!("it is a picture") };
        assert_eq!(read.crop, Crop::WHOLE);
    }
}

#[test]
fn what_cannot_come_in_is_reported_by_itself() {
    let box_ = |more: Value| {
        let mut element =
            json!({ "id": "b", "type": "rectangle", "x": 0, "y": 0, "width": 1, "height": 1 });
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        element
    };
    check_refused(box_(json!({ "x": null })), "its x is not a number");
    check_refused(box_(json!({ "height": "tall" })), "its height is not a number");
    check_refused(
        box_(json!({ "type": "image", "fileId": "abc" })),
        "its picture is not in the file, or cannot be read",
    );
    check_refused(box_(json!({ "type": "iframe" })), "embedded pages cannot be imported");
    check_refused(box_(json!({ "type": "hologram" })), "elements of type hologram are not known");
    check_refused(box_(json!({ "type": 5 })), "it has no type");
    check_refused(box_(json!({ "type": "line" })), "it has no points");
    check_refused(
        box_(json!({ "type": "freedraw", "points": [[0, 0], [null, 1]] })),
        "one of its points is not a pair of numbers",
    );
    check_refused(
        box_(json!({ "type": "arrow", "points": vec![[0, 0]; 20_001] })),
        "it has more than 20000 points",
    );
    check_refused(
        box_(json!({ "type": "text", "text": "x".repeat(200_001) })),
        "its text is longer than 200000 bytes",
    );
    check_refused(box_(json!({ "type": "text", "text": " \n" })), "its text is empty");
    check_refused(json!("nonsense"), "it is not an object");
    check_refused(json!([[[[]]]]), "it is not an object");
}

#[test]
fn deleted_elements_are_gone() {
    let ghost = json!({ "type": "rectangle", "isDeleted": true });
    assert_eq!(import(&board(&json!([ghost]))), Ok(Import::default()));
}

#[test]
fn huge_numbers_are_brought_back() {
    let far = only(json!({ "type": "ellipse", "x": 1e300, "y": 0, "width": 1, "height": 1 }));
    assert_eq!(far.geometry.unwrap().x, 1e9);
    let line = only(json!({ "type": "line", "x": 1e308, "y": 0, "points": [[1e308, 0], [0, 5]] }));
    let Shape::Line(path) = line.shape else { panic!("it is a line") };
    assert_eq!(path.points[0], BoardPoint::new(1e9, 0.0));
}

#[test]
fn other_files_are_refused() {
    for text in ["", "drawing", "{\"type\": \"excalidraw\", \"elements\": [", "{} {}"] {
        assert!(matches!(import(text), Err(ImportError::NotJson(_))), "{text}");
    }
    let deep = format!("{{\"type\":\"excalidraw\",\"elements\":[{}", "[".repeat(100_000));
    assert!(matches!(import(&deep), Err(ImportError::NotJson(_))), "nested too deeply");
    for text in [
        "[]",
        "5",
        "null",
        "{}",
        "{\"elements\": []}",
        "{\"type\": 5, \"elements\": []}",
        "{\"type\": \"tldraw\", \"elements\": []}",
        "{\"type\": \"excalidraw\"}",
        "{\"type\": \"excalidraw\", \"elements\": {}}",
        "{\"type\": \"excalidraw\", \"elements\": \"many\"}",
        "{\"type\": \"excalidrawlib\"}",
        "{\"type\": \"excalidrawlib\", \"libraryItems\": 3}",
        "{\"type\": \"excalidrawlib\", \"library\": [7]}",
    ] {
        assert!(matches!(import(text), Err(ImportError::NotExcalidraw(_))), "{text}");
    }
}

#[test]
fn files_have_limits() {
    assert_eq!(import(&" ".repeat(FILE_MAX_BYTES + 1)), Err(ImportError::TooLarge));
    let many =
        format!("{{\"type\":\"excalidraw\",\"elements\":[{}0]}}", "0,".repeat(FILE_MAX_ELEMENTS));
    assert_eq!(import(&many), Err(ImportError::TooMany));
}

#[test]
fn what_names_another_element_still_does_on_the_board() {
    let box_ = |id: &str, more: Value| {
        let mut all = json!({ "id": id, "x": 0, "y": 0, "width": 9, "height": 9 });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let read = import(&board(&json!([
        box_("f", json!({ "type": "frame", "name": "Plan" })),
        box_("r", json!({ "type": "rectangle", "frameId": "f", "link": "https://example.org" })),
        box_(
            "t",
            json!({ "type": "text", "text": "hi", "containerId": "r", "verticalAlign": "top" })
        ),
        box_(
            "a",
            json!({ "type": "arrow", "points": [[0, 0], [9, 0], [9, 9]], "elbowed": true,
            "fixedSegments": [{ "index": 2, "start": [9, 0], "end": [9, 9] }, { "index": 7 }, 4],
            "startBinding": { "elementId": "r", "fixedPoint": [1.5, 0.25], "gap": 3 },
            "endBinding": { "elementId": "gone", "focus": 0.1, "gap": 1 } })
        ),
    ])));
    let mut ann = Board::new(ClientId::new(7).unwrap(), 1);
    let ids = ann.insert_copies(read.unwrap().elements);
    let [frame, rectangle, text, arrow] = &ids[..] else { panic!("{ids:?}") };
    let element = |id| ann.element(id).unwrap();
    assert_eq!(element(frame).shape, Shape::Frame(Frame { name: "Plan".into() }));
    assert_eq!(element(rectangle).frame.as_ref(), Some(frame));
    assert_eq!(element(rectangle).link.as_deref(), Some("https://example.org"));
    let Shape::Text(label) = &element(text).shape else { panic!() };
    assert_eq!(label.container.as_ref(), Some(rectangle));
    assert_eq!(label.vertical, VerticalAlign::Top);
    let Shape::Arrow(drawn) = &element(arrow).shape else { panic!() };
    let bound = Binding { element: rectangle.clone(), at: (1.0, 0.25), gap: 3.0 };
    assert_eq!((drawn.is_elbow, &drawn.start, &drawn.end), (true, &Some(bound), &None));
    assert_eq!(drawn.fixed, [1], "what it has not is not fixed");
}
